// How late does the runner start checks? Runs `dist/main.js runner` on 500 checks with an interval of 10 s. Each check
// prints the time at which it runs; the time at which it was due follows from the names alone, by Sensu's splay.
//   node scripts/bench-runner.mjs [checks] [interval in s] [intervals] [--json: what `npm run bench` puts into its table]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReport } from './lib/bench-report.mjs';

const CLIENT = 'bench-node';
const given = process.argv.slice(2).filter((argument) => argument !== '--json');
const [count, interval, rounds] = [500, 10, 3].map((preset, index) => Number(given[index] ?? preset));
const main = new URL('../dist/main.js', import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), 'alertmanager-proxy-bench-'));

try {
  await measure();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measure() {
  const log = join(directory, 'sensu-client.log');
  writeConfiguration();
  const load = loadavg()[0];
  const runner = spawn(
    process.execPath,
    [main, 'runner', `--config.dir=${directory}/conf.d`, `--log.file=${log}`],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  await sleep(rounds * interval * 1000);
  const { resident, descriptors, cpuSeconds } = resourcesOf(runner.pid);
  runner.kill('SIGTERM');
  await new Promise((resolve) => runner.once('exit', resolve));

  const delays = readFileSync(log, 'utf8').trim().split('\n').map(delayIn);
  delays.sort((a, b) => a - b);
  const at = (share) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))];
  const report = createReport();
  report.add({
    what: `runner: start of ${count} checks at ${interval} s intervals after their due time`,
    goal: '≤ 100 ms',
    measured: `${delays.length} runs: median ${at(0.5)} ms, 99 % ${at(0.99)} ms, latest ${at(1)} ms (load before ${load.toFixed(1)})`,
    isMet: at(1) <= 100,
  });
  report.add({
    what: 'runner: resources',
    measured: `${resident} MB resident, ${descriptors} descriptors, ${(cpuSeconds / rounds / interval).toFixed(3)} CPU`,
  });
  report.print();
}

function writeConfiguration() {
  const client = { name: CLIENT, socket: { enabled: false }, http_socket: { enabled: false } };
  const check = { command: 'date +%s%3N', interval, standalone: true };
  const checks = Object.fromEntries(Array.from({ length: count }, (_, index) => [`check_${index}`, check]));
  mkdirSync(join(directory, 'conf.d'));
  writeFileSync(join(directory, 'conf.d', 'bench.json'), JSON.stringify({ client, checks }));
}

// The time that a check printed, after the last time at which it was due before that.
function delayIn(line) {
  const { name, output } = JSON.parse(line).payload.check;
  const place = createHash('md5').update(`${CLIENT}:${name}`).digest().readBigUInt64LE(0);
  const period = BigInt(interval) * 1000n;
  return Number((((BigInt(output.trim()) - place) % period) + period) % period);
}

function resourcesOf(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return {
    resident: Math.round(Number(kilobytes) / 1024),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
  };
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
