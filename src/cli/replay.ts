import { InvalidArgumentError, type Command } from 'commander';
import { pluralize } from '../platform/text/pluralize.ts';
import { BatchError, readBatch, shiftTimes, type CapturedBatch } from '../replay/batch.ts';
import { replay, type ReplayOutcome } from '../replay/replay.ts';
import type { CommandIo } from './command-io.ts';

interface ReplayFlags {
  readonly url: URL;
  readonly rate?: number;
  readonly repeat: number;
  readonly shiftTime: boolean;
}

/** `replay --url URL FILE…`: posts captured payloads to a running proxy; exit code 1 if one was not accepted. */
export function addReplayCommand(program: Command, io: CommandIo): void {
  program
    .command('replay')
    .description('Post captured payloads to a running proxy, in order, and print how each fared.')
    .argument('<file...>', 'bodies of POSTs to /api/v2/alerts: a JSON array of alerts each')
    .requiredOption('--url <url>', 'the proxy, e.g. http://127.0.0.1:9095', parseUrl)
    .option('--rate <number>', 'batches per second; without it, as fast as they are answered', parseRate)
    .option('--repeat <count>', 'how many times to post all of them', parseCount, 1)
    .option('--shift-time', 'move all times by the same amount, so that the newest startsAt is now', false)
    .action(async (files: readonly string[], flags: ReplayFlags) => {
      try {
        await replayFiles(files, flags, io);
      } catch (error) {
        if (!(error instanceof BatchError)) throw error;
        io.stderr.write(`${error.message}\n`);
        io.setExitCode(1);
      }
    });
}

async function replayFiles(files: readonly string[], flags: ReplayFlags, io: CommandIo): Promise<void> {
  const { url, rate, repeat, shiftTime } = flags;
  const batches = await readAll(files);
  const posted = shiftTime ? shiftTimes(batches, Date.now()) : batches;
  const outcomes: ReplayOutcome[] = [];
  for await (const outcome of replay(posted, { url, rate, repeat, stop: io.stop })) {
    io.stdout.write(`${lineOf(outcome)}\n`);
    outcomes.push(outcome);
  }
  io.stdout.write(`${summaryOf(outcomes)}\n`);
  if (outcomes.some(({ result }) => result !== 'accepted')) io.setExitCode(1);
}

// All files are read before the first is posted: a mistake in the last one must not cost half a replay.
async function readAll(files: readonly string[]): Promise<CapturedBatch[]> {
  const batches: CapturedBatch[] = [];
  for (const file of files) batches.push(await readBatch(file));
  return batches;
}

function lineOf(outcome: ReplayOutcome): string {
  const { batch, milliseconds, result } = outcome;
  const status = result === 'unreachable' ? '---' : String(outcome.status);
  const columns = [
    status,
    pluralize(batch.alerts, 'alert').padStart(11),
    `${milliseconds.toFixed(1)} ms`.padStart(11),
    batch.file,
  ];
  return `${columns.join('  ')}${reasonOf(outcome)}`;
}

function reasonOf(outcome: ReplayOutcome): string {
  if (outcome.result === 'accepted') return '';
  if (outcome.result === 'unreachable') return `  unreachable: ${outcome.error}`;
  return `  refused: ${outcome.answer.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()}`;
}

function summaryOf(outcomes: readonly ReplayOutcome[]): string {
  const count = (wanted: ReplayOutcome['result']): number =>
    outcomes.filter(({ result }) => result === wanted).length;
  const alerts = outcomes.reduce((sum, { batch }) => sum + batch.alerts, 0);
  const times = outcomes.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  const slowest = times.at(-1) ?? 0;
  return (
    `${pluralize(outcomes.length, 'batch', 'batches')}, ${pluralize(alerts, 'alert')}: ` +
    `${count('accepted')} accepted, ${count('refused')} refused, ${count('unreachable')} unreachable; ` +
    `median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`
  );
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new InvalidArgumentError('It must be an http or https URL such as http://127.0.0.1:9095.');
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw new InvalidArgumentError('It must be a number of batches per second above 0.');
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
