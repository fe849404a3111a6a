// A process of its own: the CPU of nothing but parsing and serializing a batch, for comparison.
import { readFileSync } from 'node:fs';

const [file = '', rounds = '0'] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');

function run(count: number): void {
  for (let round = 0; round < count; round++) {
    if (JSON.stringify(JSON.parse(text)).length === 0) throw new Error('nothing was serialized');
  }
}

run(Number(rounds) / 4);
const before = process.cpuUsage();
run(Number(rounds));
const { user, system } = process.cpuUsage(before);
process.send?.({ secondsPerRound: (user + system) / 1e6 / Number(rounds) });
