// Measures the agent with 200 checks: memory beside that of Node alone, scrapes, and a log that grows by 1,000 results a second.
// `npm run build` comes before. With --json, what `npm run bench` puts into its table.
/* global fetch */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createReport } from './lib/bench-report.mjs';
import { ROOT } from './lib/run.mjs';

const CHECKS = 200;
const RATE = 1000;
const SECONDS = 20;
const ANSWERS = 200;

const report = createReport();

const folder = mkdtempSync(join(tmpdir(), 'bench-agent-'));
const logFile = join(folder, 'sensu-client.log');
const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
let agent;
try {
  await delay(1000);
  report.add({ what: `Node ${process.version} alone: memory`, measured: memoryText(memoryOf(bare.pid)) });

  writeResults(CHECKS * 20);
  const started = performance.now();
  agent = spawn(process.execPath, [
    join(ROOT, 'dist/main.js'),
    'agent',
    ...['--log.file', logFile, '--web.listen-address', '127.0.0.1:0'],
  ]);
  const url = await whenReady(agent);
  report.add({
    what: 'agent: start',
    measured: `${(performance.now() - started).toFixed(0)} ms with ${CHECKS * 20} results to read`,
  });
  const scrapes = await timeAnswers(`${url}/metrics`);
  report.add({
    what: `agent: scrape of ${CHECKS} checks`,
    goal: '≤ 10 ms (median)',
    measured: quantiles(scrapes),
    isMet: quantile(scrapes, 0.5) <= 10,
  });
  const names = Array.from({ length: 20 }, (_, n) => nameOf(n)).join(',');
  const batches = await timeAnswers(`${url}/checks?names=${names}&output=1`);
  report.add({ what: 'agent: 20 checks in one answer', measured: quantiles(batches) });

  const before = await linesRead(url);
  const written = await writeAtRate();
  await delay(1500);
  const read = (await linesRead(url)) - before;
  report.add({
    what: `agent: ${RATE} results a second for ${SECONDS} s, with one rotation`,
    goal: 'none lost',
    measured: `${written} written, ${read} read`,
    isMet: read === written,
  });
  const memory = memoryOf(agent.pid);
  report.add({
    what: 'agent: memory after that',
    goal: '≤ 80 MB resident',
    measured: memoryText(memory),
    isMet: memory.resident <= 80,
  });
  report.print();
} finally {
  bare.kill();
  agent?.kill();
  rmSync(folder, { recursive: true, force: true });
}

function nameOf(number) {
  return `check_service_${number % CHECKS}`;
}

function writeResults(count, from = 0) {
  const lines = Array.from({ length: count }, (_, n) => resultLine(from + n));
  appendFileSync(logFile, lines.join(''));
}

function resultLine(number) {
  const now = Math.floor(Date.now() / 1000);
  const check = {
    command: `/usr/lib/nagios/plugins/check_service -H localhost -p ${number % CHECKS} -w 5 -c 10`,
    standalone: true,
    interval: 60,
    handlers: ['mailer', 'slack'],
    playbook: 'https://wiki.example.com/playbooks/service',
    name: nameOf(number),
    issued: now,
    executed: now,
    duration: 0.123,
    output: `SERVICE WARNING - ${'answer took 7.1 s, '.repeat(10)}|time=7.1s;5;10\n`,
    status: number % 3,
  };
  const payload = { client: 'web-001.example.com', check };
  const head = {
    timestamp: '2026-11-22T06:31:18.875229+0900',
    level: 'info',
    message: 'publishing check result',
  };
  return `${JSON.stringify({ ...head, payload })}\n`;
}

async function writeAtRate() {
  const start = performance.now();
  let written = 0;
  while (written < RATE * SECONDS) {
    const due = Math.min(RATE * SECONDS, Math.floor(((performance.now() - start) / 1000) * RATE));
    writeResults(due - written, written);
    if (written < (RATE * SECONDS) / 2 && due >= (RATE * SECONDS) / 2) renameSync(logFile, `${logFile}.1`);
    written = due;
    await delay(10);
  }
  return written;
}

async function linesRead(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^check_agent_log_lines_total\{result="ok"\} (\d+)$/m.exec(text)?.[1]);
}

async function timeAnswers(url) {
  const times = [];
  for (let n = 0; n < ANSWERS; n += 1) {
    const start = performance.now();
    await (await fetch(url)).arrayBuffer();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}

function quantiles(times) {
  const at = (share) => quantile(times, share).toFixed(1);
  return `${at(0.5)} ms median, ${at(0.99)} ms 99th percentile, ${at(1)} ms at most`;
}

function quantile(times, share) {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))];
}

async function whenReady(child) {
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  for (let waited = 0; waited < 30_000; waited += 5) {
    if (text.includes('msg=ready')) return /url=(\S+)/.exec(text)[1];
    if (child.exitCode !== null) break;
    await delay(5);
  }
  throw new Error(`the agent did not start: ${text}`);
}

/** In MB. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (key) =>
    Math.round(Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)[1]) / 1024);
  return { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

function memoryText({ resident, peak }) {
  return `${resident} MB resident, ${peak} MB at most`;
}
