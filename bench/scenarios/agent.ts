import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCommand, type RunningCommand } from '../command.ts';
import { killAtExit } from '../kill-at-exit.ts';
import type { Bench } from '../main.ts';
import { percentile } from '../percentile.ts';
import { memoryOf, type Memory } from '../process-figures.ts';
import { milliseconds, type Row } from '../report.ts';
import { checkName, createResultLog, type ResultLog } from '../result-log.ts';

const CHECKS = 200;
const RESULTS_BEFORE = CHECKS * 20;
const ANSWERS = 200;
const CHECKS_PER_ANSWER = 20;
const RATE = 1_000;
const SECONDS = 20;
const SCRAPE_GOAL = 10;
const MEMORY_GOAL = 80;

/** The agent with 200 checks: its start, scrapes, a log that grows by 1,000 results a second, and memory beside that of Node. */
export async function busyAgent({ folder }: Bench): Promise<Row[]> {
  const bare = await memoryOfBareNode();
  const log = createResultLog(join(mkdtempSync(join(folder, 'agent-')), 'sensu-client.log'), CHECKS);
  log.append(RESULTS_BEFORE);
  return withAgent(log.file, async (agent, start) => [
    {
      what: `agent with ${CHECKS} checks: start, with ${RESULTS_BEFORE} results to read`,
      goal: '',
      measured: milliseconds(start),
    },
    ...(await answers(agent.url)),
    await growingLog(agent.url, log),
    ...memory(memoryOf(agent.pid), bare),
  ]);
}

// Tells how long the start took, in milliseconds.
async function withAgent(
  logFile: string,
  measure: (agent: RunningCommand, start: number) => Promise<Row[]>,
): Promise<Row[]> {
  const args = ['agent', `--log.file=${logFile}`, '--web.listen-address=127.0.0.1:0'];
  const startedAt = performance.now();
  // The URL comes first: the agent listens before it has read the log.
  const agent = await startCommand(args, /url=(\S+)[^]* msg=ready/);
  const start = performance.now() - startedAt;
  try {
    return await measure(agent, start);
  } finally {
    await agent.stop();
  }
}

async function answers(url: string): Promise<Row[]> {
  const scrapes = await timeAnswers(`${url}/metrics`);
  const names = Array.from({ length: CHECKS_PER_ANSWER }, (_, index) => checkName(index)).join(',');
  const details = await timeAnswers(`${url}/checks?names=${names}&output=1`);
  return [
    {
      what: '… scrape',
      goal: `p50 ≤ ${SCRAPE_GOAL} ms`,
      measured: quantiles(scrapes),
      isMet: percentile(scrapes, 0.5) <= SCRAPE_GOAL,
    },
    { what: `… ${CHECKS_PER_ANSWER} checks in one answer`, goal: '', measured: quantiles(details) },
  ];
}

async function timeAnswers(url: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ANSWERS; round++) {
    const startedAt = performance.now();
    await get(url);
    times.push(performance.now() - startedAt);
  }
  return times;
}

function quantiles(times: readonly number[]): string {
  const at = (share: number): string => milliseconds(percentile(times, share));
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, at most ${at(1)}`;
}

async function growingLog(url: string, log: ResultLog): Promise<Row> {
  const before = await linesRead(url);
  const written = await appendAtRate(log);
  await sleep(1_500);
  const read = (await linesRead(url)) - before;
  return {
    what: `… ${RATE} results a second for ${SECONDS} s, with one rotation`,
    goal: 'none lost',
    measured: `${written} written, ${read} read`,
    isMet: read === written,
  };
}

async function appendAtRate(log: ResultLog): Promise<number> {
  const all = RATE * SECONDS;
  const startedAt = performance.now();
  let written = 0;
  while (written < all) {
    const due = Math.min(all, Math.floor(((performance.now() - startedAt) / 1000) * RATE));
    log.append(due - written);
    if (written < all / 2 && due >= all / 2) log.rotate();
    written = due;
    await sleep(10);
  }
  return written;
}

async function linesRead(url: string): Promise<number> {
  const exposition = await get(`${url}/metrics`);
  return Number(/^check_agent_log_lines_total\{result="ok"\} (\d+)$/m.exec(exposition)?.[1]);
}

async function get(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}`);
  return response.text();
}

async function memoryOfBareNode(): Promise<Memory> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  killAtExit(child);
  try {
    await sleep(1_000);
    return memoryOf(child.pid ?? 0);
  } finally {
    child.kill('SIGKILL');
  }
}

function memory(agent: Memory, bare: Memory): Row[] {
  const text = ({ now, peak }: Memory): string => `${now} MB, ${peak} MB at its highest`;
  return [
    {
      what: '… resident memory after that',
      goal: `≤ ${MEMORY_GOAL} MB`,
      measured: text(agent),
      isMet: agent.now <= MEMORY_GOAL,
    },
    { what: '… resident memory of Node alone, for comparison', goal: '', measured: text(bare) },
  ];
}
