import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCommand } from '../command.ts';
import type { Bench } from '../main.ts';
import { percentile } from '../percentile.ts';
import { bound, type Row } from '../report.ts';

const STARTS = 7;

/** How long `serve` and `agent` take from the start of their process until they are ready. */
export async function startUp({ folder, withProxy }: Bench): Promise<Row[]> {
  // The scenario's proxy has written its configuration.
  return withProxy({}, async () => {
    const log = join(folder, 'empty.log');
    writeFileSync(log, '');
    const address = '--web.listen-address=127.0.0.1:0';
    const serve = ['serve', `--config.file=${join(folder, 'proxy.yml')}`, address];
    const agent = ['agent', `--log.file=${log}`, address];
    return [
      bound({
        what: '`serve`: ready after its start',
        value: await median(serve, /ready to take alerts/),
        atMost: 300,
      }),
      bound({
        what: '`agent`: ready after its start, with an empty log',
        value: await median(agent, /msg=ready/),
        atMost: 250,
      }),
    ];
  });
}

async function median(args: readonly string[], ready: RegExp): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const began = performance.now();
    const command = await startCommand(args, ready);
    times.push(performance.now() - began);
    await command.stop();
  }
  return percentile(times, 0.5);
}
