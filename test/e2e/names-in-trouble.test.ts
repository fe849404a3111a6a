import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { stringify } from 'yaml';
import { encodeBatch, firing, type PostedAlert } from '../support/alert-builder.ts';
import { createNamesInTrouble, type NamesInTrouble } from '../support/names-in-trouble.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../support/stub-alertmanager.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';

jest.setTimeout(60_000);

const NODES = 40;

let folder: TempFolder;
let names: NamesInTrouble;
let alertmanager: StubAlertmanager;
let proxy: RunningCommand;
let url: string;

beforeEach(async () => {
  folder = createTempFolder();
  names = createNamesInTrouble(folder);
  alertmanager = await startStubAlertmanager();
  // As one that restarts: each POST needs a connection, and the name, of its own.
  alertmanager.answer({ headers: { connection: 'close' } });
  proxy = runCommand(['serve', `--config.file=${configure()}`, '--web.listen-address=127.0.0.1:0'], {
    env: { ...names.env, UV_THREADPOOL_SIZE: '' },
  });
  [, url = ''] = await proxy.printed(/ready to take alerts.* url=(\S+)/);
});

afterEach(async () => {
  names.set();
  await proxy.stop();
  await alertmanager.close();
  folder.remove();
});

function configure(): string {
  return folder.write(
    'proxy.yml',
    stringify({
      alertmanagers: [{ static_configs: [{ targets: [`localhost:${alertmanager.port}`] }] }],
      sources: [
        {
          name: 'node-agent',
          matchers: ['check=~".+"'],
          url: 'http://{instance}/checks/{check}',
          annotations: { check_output: 'check.output' },
          allow: { ports: [9470], hosts: ['*.dead.example'] },
        },
      ],
    }),
  );
}

async function post(alerts: readonly PostedAlert[]): Promise<{ status: number; milliseconds: number }> {
  const startedAt = performance.now();
  const { status } = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: new Uint8Array(encodeBatch(alerts)),
  });
  return { status, milliseconds: performance.now() - startedAt };
}

const disk = (node: string): PostedAlert => firing({ check: 'check_disk', instance: `${node}:9470` });

describe('nodes whose names hang', () => {
  it('do not hold up an Alertmanager that is addressed by name', async () => {
    names.set('hang .dead.example');
    const nodes = Array.from({ length: NODES }, (_, index) => disk(`n${index}.dead.example`));

    expect((await post(nodes)).status).toBe(200);
    // All of the 16 lookups that nodes may have are under way by now, and stay so.
    const { status, milliseconds } = await post([firing({ n: '1' })]);

    expect(status).toBe(200);
    expect(milliseconds).toBeLessThan(4_000);
    expect(alertmanager.alerts()).toHaveLength(NODES + 1);
  });

  it('find a pool of 64 threads, of which names may take half', async () => {
    await post([firing({ n: '1' })]);

    expect(readdirSync(`/proc/${proxy.pid}/task`).length).toBeGreaterThan(64);
  });
});

describe("an Alertmanager's own name", () => {
  it.each(['fail', 'hang'])('keeps its last good address while DNS is in trouble: %s', async (trouble) => {
    expect((await post([firing({ n: '1' })])).status).toBe(200);
    // What holds after minutes, kept-names.test.ts shows with a clock that moves by hand.
    names.set(`${trouble} localhost`);

    expect((await post([firing({ n: '2' })])).status).toBe(200);
    expect(alertmanager.alerts()).toHaveLength(2);
  });
});
