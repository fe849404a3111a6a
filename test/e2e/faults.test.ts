import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { encodeBatch, firing, resolved, type PostedAlert } from '../support/alert-builder.ts';
import { describeWith } from '../support/binaries.ts';
import { createKillableAlertmanager, type KillableAlertmanager } from '../support/killable-alertmanager.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { startStubAlertmanager } from '../support/stub-alertmanager.ts';
import { startStubSource, type StubSource } from '../support/stub-source.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';
import { stringify } from 'yaml';

jest.setTimeout(60_000);

/** Milliseconds that one POST to an Alertmanager may take; much more than a busy machine needs for one. */
const TIMEOUT_MS = 5_000;

describeWith(['alertmanager'], 'a stream of batches through the proxy', ({ alertmanager: binary }) => {
  let folder: TempFolder;
  let agent: StubSource;
  let alertmanagers: [KillableAlertmanager, KillableAlertmanager];
  let proxy: RunningCommand;
  let url: string;

  beforeEach(async () => {
    folder = createTempFolder();
    agent = await startStubSource({ '/checks/check_disk': { body: { check: { output: 'full' } } } });
    alertmanagers = [await createKillableAlertmanager(binary), await createKillableAlertmanager(binary)];
    await Promise.all(alertmanagers.map((alertmanager) => alertmanager.start()));
  });

  afterEach(async () => {
    await proxy.stop();
    await Promise.all([...alertmanagers.map((alertmanager) => alertmanager.stop()), agent.close()]);
    folder.remove();
  });

  async function serve(targets: readonly string[]): Promise<void> {
    const configFile = folder.write(
      'proxy.yml',
      stringify({
        alertmanagers: [{ timeout: `${TIMEOUT_MS}ms`, static_configs: [{ targets }] }],
        sources: [
          {
            name: 'node-agent',
            matchers: ['check=~".+"'],
            url: 'http://{instance}/checks/{check}',
            annotations: { check_output: 'check.output' },
            timeout: '1500ms',
            connect_timeout: '1s',
            allow: { ports: [agent.port], cidrs: ['127.0.0.0/8'] },
          },
        ],
      }),
    );
    proxy = runCommand(['serve', `--config.file=${configFile}`, '--web.listen-address=127.0.0.1:0']);
    [, url = ''] = await proxy.printed(/ready to take alerts.* url=(\S+)/);
  }

  function disk(number: number): PostedAlert {
    return firing({ alertname: `Disk${number}`, check: 'check_disk', instance: agent.address });
  }

  async function post(alerts: readonly PostedAlert[]): Promise<number> {
    const response = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: new Uint8Array(encodeBatch(alerts)),
    });
    await response.arrayBuffer();
    return response.status;
  }

  const namesAt = async (alertmanager: KillableAlertmanager): Promise<string[]> =>
    (await alertmanager.alerts())
      .filter(({ annotations }) => annotations['check_output'] === 'full')
      .map(({ labels }) => labels['alertname'] ?? '')
      .sort();

  it('loses nothing when an Alertmanager is killed and started again', async () => {
    await serve(alertmanagers.map(({ address }) => address));
    const [killed, well] = alertmanagers;
    expect(await post([disk(1)])).toBe(200);
    await killed.kill();
    for (let number = 2; number <= 6; number++) expect(await post([disk(number)])).toBe(200);
    await killed.start();
    expect(await post([disk(7)])).toBe(200);

    const sinceKill = [2, 3, 4, 5, 6, 7].map((number) => `Disk${number}`);
    // The first one too, if it was still under way when the Alertmanager was killed.
    await waitFor('all alerts since', async () => {
      const names = await namesAt(killed);
      return sinceKill.every((name) => names.includes(name));
    });
    // Either one may have accepted a batch first.
    await waitFor('all alerts at the other', async () => {
      expect(await namesAt(well)).toEqual(['Disk1', ...sinceKill]);
      return true;
    });
  });

  it('neither waits for an Alertmanager that is stopped nor makes it fire again what has resolved meanwhile', async () => {
    await serve(alertmanagers.map(({ address }) => address));
    const [stopped, well] = alertmanagers;
    expect(await post([disk(1), disk(2)])).toBe(200);
    stopped.signal('SIGSTOP');
    const startedAt = Date.now();
    expect(await post([disk(1), disk(3)])).toBe(200);
    expect(await post([resolved(disk(1))])).toBe(200);
    expect(await post([disk(2), disk(4)])).toBe(200);
    expect(Date.now() - startedAt).toBeLessThan(TIMEOUT_MS);
    await proxy.printed(/does not take alerts/, 4 * TIMEOUT_MS);
    stopped.signal('SIGCONT');

    for (const alertmanager of [stopped, well]) {
      await waitFor('the alerts that fire', async () => {
        expect(await namesAt(alertmanager)).toEqual(['Disk2', 'Disk3', 'Disk4']);
        return true;
      });
    }
  });

  it('answers what it has accepted, and loses nothing of it, when it is told to end', async () => {
    const slow = await startStubAlertmanager();
    slow.answer({ delayMs: 100 });
    await serve([slow.address]);
    const answered: number[] = [];
    const refused: number[] = [];
    const unanswered: number[] = [];
    let isEnding = false;
    const stream = Array.from({ length: 8 }, async (_, sender) => {
      for (let batch = 0; batch < 50 && !(isEnding && refused.includes(sender)); batch++) {
        const number = sender * 100 + batch;
        // Once it no longer listens, nothing is accepted any more. A connection that only the kernel had taken by then is
        // reset, and one that was idle is closed, which a busy sender may notice only when it has sent.
        const status = await post([disk(number)]).catch((error: unknown) => String((error as Error).cause));
        if (status === 200) answered.push(number);
        else if (!isEnding || !/ECONNREFUSED|ECONNRESET|EPIPE|other side closed/.test(String(status)))
          throw new Error(`batch ${number}: ${status}`);
        else {
          refused.push(sender);
          unanswered.push(number);
        }
      }
    });
    await waitFor('the stream', () => answered.length >= 16);
    isEnding = true;
    proxy.kill('SIGTERM');

    await Promise.all(stream);
    expect(await proxy.ended()).toBe(0);
    const delivered = slow.alerts().map(({ labels }) => labels['alertname']);
    expect(answered.filter((number) => !delivered.includes(`Disk${number}`))).toEqual([]);
    expect(unanswered.filter((number) => delivered.includes(`Disk${number}`))).toEqual([]);
    await slow.close();
  });
});
