// Measures the agent with 200 checks: memory beside that of Node alone, scrapes, and a log that grows by 1,000 results a second.
// `npm run build` comes before.
/* global fetch */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './lib/run.mjs';

const CHECKS = 200;
const RATE = 1000;
const SECONDS = 20;
const ANSWERS = 200;

const folder = mkdtempSync(join(tmpdir(), 'bench-agent-'));
const logFile = join(folder, 'sensu-client.log');
const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
let agent;
try {
  await delay(1000);
  report(`Node ${process.version} alone`, memoryText(bare.pid));
  console.log(`The agent, with ${CHECKS} checks:`);

  writeResults(CHECKS * 20);
  const started = performance.now();
  agent = spawn(process.execPath, [
    join(ROOT, 'dist/main.js'),
    'agent',
    ...['--log.file', logFile, '--web.listen-address', '127.0.0.1:0'],
  ]);
  const url = await whenReady(agent);
  report('start', `${(performance.now() - started).toFixed(0)} ms with ${CHECKS * 20} results to read`);
  report('scrape', quantiles(await timeAnswers(`${url}/metrics`)));
  const names = Array.from({ length: 20 }, (_, n) => nameOf(n)).join(',');
  report('20 checks in one answer', quantiles(await timeAnswers(`${url}/checks?names=${names}&output=1`)));
  report('agent', memoryText(agent.pid));

  const before = await linesRead(url);
  const written = await writeAtRate();
  await delay(1500);
  report(
    `${RATE} results a second`,
    `${written} written in ${SECONDS} s with one rotation, ${(await linesRead(url)) - before} read`,
  );
  report('agent after that', memoryText(agent.pid));
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
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  return `${at(0.5)} ms median, ${at(0.99)} ms 99th percentile, ${at(1)} ms at most`;
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

function memoryText(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (key) =>
    (Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)[1]) / 1024).toFixed(0);
  return `${megabytes('VmRSS')} MB resident, ${megabytes('VmHWM')} MB at most`;
}

function report(what, figures) {
  console.log(`${what.padEnd(26)} ${figures}`);
}
