// This file imports nothing before it listens for signals. Loading the rest takes a tenth of a second, and a signal for a
// reload or a new log would end the process during that time.
const early = new Set<NodeJS.Signals>();
const remember = (signal: NodeJS.Signals): unknown => early.add(signal);
for (const signal of ['SIGHUP', 'SIGUSR2'] as const) process.on(signal, remember);

const { runCommandLine } = await import('./command-line.ts').catch(tellWhyNotLoaded);
const ended = runCommandLine();
// From here on the command's own listeners handle them, or they end the process.
for (const signal of ['SIGHUP', 'SIGUSR2'] as const) process.off(signal, remember);
for (const signal of early) process.kill(process.pid, signal);
await ended;

// Most of the files of a program are loaded as it starts. With too few descriptors that fails before anybody could log it.
function tellWhyNotLoaded(error: unknown): never {
  if (!(error instanceof Error && 'code' in error && error.code === 'EMFILE')) throw error;
  process.stderr.write(
    'too many open files: allow at least 1024 file descriptors (ulimit -n, LimitNOFILE=)\n',
  );
  process.exit(1);
}
