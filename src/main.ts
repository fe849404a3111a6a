// This file imports nothing before it listens for signals. Loading the rest takes a tenth of a second, and a signal for a
// reload or a new log would end the process during that time.
const early = new Set<NodeJS.Signals>();
const remember = (signal: NodeJS.Signals): unknown => early.add(signal);
for (const signal of ['SIGHUP', 'SIGUSR2'] as const) process.on(signal, remember);

const { runCommandLine } = await import('./command-line.ts');
const ended = runCommandLine();
// From here on the command's own listeners handle them, or they end the process.
for (const signal of ['SIGHUP', 'SIGUSR2'] as const) process.off(signal, remember);
for (const signal of early) process.kill(process.pid, signal);
await ended;
