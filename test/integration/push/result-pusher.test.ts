import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ResultPusher } from '../../../src/push/result-pusher.ts';
import { listen, type Listening } from '../../support/listen.ts';
import { sendRaw } from '../../support/raw-request.ts';
import { runPushgateway, type RunningPushgateway } from '../../support/running-pushgateway.ts';
import { createSilentLog } from '../../support/silent-log.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

const NOW = Math.floor(Date.now() / 1000);
const CLIENT = { name: 'web-001', address: '10.0.0.1' };

function line(name: string, status: number, executed: number, output = `${status}\n`): Buffer {
  const check = { name, interval: 60, issued: executed, executed, duration: 0.1, output, status };
  return Buffer.from(
    JSON.stringify({
      timestamp: new Date((executed + 1) * 1000).toISOString(),
      level: 'info',
      message: 'publishing check result',
      payload: { client: 'web-001', check },
    }),
  );
}

describe('results that are pushed', () => {
  let folder: TempFolder;
  let gateway: RunningPushgateway;
  beforeEach(async () => {
    folder = createTempFolder();
    gateway = await runPushgateway();
  });
  afterEach(async () => {
    await gateway.stop();
    folder.remove();
  });

  const createPusher = (urls: readonly string[], maxBytes = 1024 ** 2): ResultPusher =>
    new ResultPusher({ urls, job: 'checks', spool: { path: folder.path, maxBytes }, log: createSilentLog() });
  const told = async (check: string): Promise<{ check?: Record<string, unknown> }> =>
    JSON.parse((await sendRaw(gateway.url, { path: `/clients/web-001/checks/${check}` })).text) as {
      check?: Record<string, unknown>;
    };

  it('reach a gateway in their order, with what the script printed', async () => {
    const pusher = createPusher([gateway.url]);
    pusher.start(CLIENT);
    pusher.result(line('check_disk', 2, NOW - 60));
    pusher.result(line('check_disk', 0, NOW, 'fine\n'));
    await waitFor('the result', async () => (await told('check_disk')).check?.['output'] === 'fine\n');
    expect(await told('check_disk')).toMatchObject({
      client_attributes: { address: '10.0.0.1' },
      check: { history: [2, 0] },
    });
    await pusher.stop();
  });

  it('reach one gateway at once while another hangs', async () => {
    const hanging = await listen(() => undefined);
    const pusher = createPusher([hanging.url, gateway.url]);
    pusher.start(CLIENT);
    pusher.result(line('check_disk', 1, NOW));
    await waitFor('the result', async () => (await told('check_disk')).check?.['status'] === 1, {
      deadlineMs: 3_000,
    });
    await pusher.stop();
    await hanging.close();
  });

  it('wait on disk while no gateway is there, also over a crash', async () => {
    const nobody = await listen(() => undefined);
    await nobody.close();
    const first = createPusher([nobody.url]);
    first.start(CLIENT);
    first.result(line('check_disk', 2, NOW - 60));
    first.result(line('check_disk', 2, NOW));
    await first.stop();
    const second = createPusher([gateway.url]);
    second.start(CLIENT);
    await waitFor('the results', async () => (await told('check_disk')).check?.['occurrences'] === 2);
    await second.stop();
  });

  it('lose the superseded ones first when the spool is full, never the newest of a check, and say so', async () => {
    const bodies: { results: { name: string; executed: number }[]; spool: { dropped: number } }[] = [];
    const recorder = await recordPushes(bodies);
    const pusher = createPusher([recorder.url], 2_000);
    pusher.result(line('rare', 1, NOW - 1000));
    for (let at = 50; at >= 0; at -= 1) pusher.result(line('frequent', 0, NOW - at));
    pusher.start(CLIENT);
    await waitFor('the push', () => bodies.length > 0);
    await pusher.stop();
    const results = bodies.flatMap((body) => body.results);
    expect(results[0]).toMatchObject({ name: 'rare' });
    expect(results.at(-1)).toMatchObject({ name: 'frequent', executed: NOW });
    expect(results.length).toBeLessThan(20);
    expect(bodies[0]?.spool.dropped).toBe(52 - results.length);
    await recorder.close();
  });
});

function recordPushes(bodies: unknown[]): Promise<Listening> {
  return listen((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      bodies.push(JSON.parse(gunzipSync(Buffer.concat(pieces)).toString()));
      response.writeHead(202).end('{}');
    });
  });
}
