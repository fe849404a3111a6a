import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory in MB. */
export interface Memory {
  readonly now: number;
  /** At its highest. */
  readonly peak: number;
}

const CLOCK_TICKS_PER_SECOND = 100;

/** Seconds of CPU that a process has used, all its threads. Throws once the process is gone, as the others here do. */
export function cpuSecondsOf(pid: number): number {
  // proc(5): fields 14 and 15 of stat, after the name in parentheses.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

/** The memory of a process. */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  // What is missing is NaN, which meets no goal.
  const megabytes = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024);
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** How many files and sockets a process has open. */
export function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
