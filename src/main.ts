// Imports nothing before it listens: loading the rest takes a tenth of a second, in which a signal for a reload or for a new log
// would end a program that is just starting.
const early = new Set<NodeJS.Signals>();
const remember = (signal: NodeJS.Signals): unknown => early.add(signal);
for (const signal of ['SIGHUP', 'SIGUSR2'] as const) process.on(signal, remember);

const { runCommandLine } = await import('./command-line.ts');
const ended = runCommandLine();
// Now the command's own listeners take them, or they end it.
for (const signal of ['SIGHUP', 'SIGUSR2'] as const) process.off(signal, remember);
for (const signal of early) process.kill(process.pid, signal);
await ended;
