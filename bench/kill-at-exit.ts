import type { ChildProcess } from 'node:child_process';

/** Lets a child end with the bench at the latest, and before the bench removes its folder. */
export function killAtExit(child: ChildProcess): void {
  const kill = (): boolean => child.kill('SIGKILL');
  process.prependOnceListener('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}
