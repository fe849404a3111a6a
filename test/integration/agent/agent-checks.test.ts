import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRunningAgent, type RunningAgent } from '../../support/running-agent.ts';
import { resultLine } from '../../support/result-line.ts';
import { waitFor } from '../../support/wait-for.ts';
import { wholeConfiguration } from '../../support/whole-configuration.ts';

const DISK = 'DISK CRITICAL - /var 97% used\n';

describe('the agent', () => {
  let agent: RunningAgent;

  beforeEach(async () => {
    agent = await createRunningAgent({ charsets: ['utf-8', 'euc-jp'], now: 1300 });
  });
  afterEach(() => agent.stop());

  describe('GET /checks/{name}', () => {
    it('tells everything about the last result', async () => {
      agent.write(
        resultLine({ executed: 1000 }),
        resultLine({ executed: 1060, issued: 1060, status: 1, output: 'DISK WARNING\n' }),
        resultLine({ executed: 1120, issued: 1121, status: 2, output: DISK, playbook: 'https://wiki/disk' }),
      );
      await agent.agent.start();

      const document = await agent.json('/checks/check_disk');

      expect(document).toEqual({
        client: 'web-001',
        client_attributes: {},
        check: {
          command: 'check-disk',
          standalone: true,
          interval: 60,
          name: 'check_disk',
          issued: 1121,
          executed: 1120,
          duration: 0.003,
          output: DISK,
          status: 2,
          playbook: 'https://wiki/disk',
          history: [0, 1, 2],
          occurrences: 1,
          occurrences_watermark: 1,
          last_ok: 1000,
          last_state_change: 1120,
        },
        exit_code: 2,
        timed_out: false,
        truncated: false,
        output_bytes: DISK.length,
        output_encoding: 'utf-8',
        last_non_ok: { status: 2, executed: 1120, issued_text: anIssuedText('18:40'), output: DISK },
        issued_text: anIssuedText('18:41'),
      });
    });

    it('still tells the last failure when all is well again', async () => {
      agent.write(
        resultLine({ executed: 1000, status: 2, output: DISK }),
        resultLine({ executed: 1060, status: 2, output: DISK }),
        resultLine({ executed: 1120, output: 'DISK OK\n' }),
      );
      await agent.agent.start();

      expect(await agent.json('/checks/check_disk')).toMatchObject({
        check: { status: 0, output: 'DISK OK\n', occurrences: 2, last_ok: 1120 },
        last_non_ok: { status: 2, executed: 1060, issued_text: anIssuedText('17:40'), output: DISK },
      });
    });

    it('follows the log', async () => {
      agent.write(resultLine());
      await agent.agent.start();
      agent.write(resultLine({ executed: 1060, status: 2 }));

      await waitFor(
        'the new result',
        async () => (await agent.json('/checks/check_disk'))['exit_code'] === 2,
      );
    });

    it('follows a log also while the clock catches up after it was set back', async () => {
      agent.write(resultLine({ executed: 1200 }), resultLine({ executed: 1000, status: 2 }));
      await agent.agent.start();
      agent.write(resultLine({ executed: 1060, status: 1 }));

      await waitFor(
        'the result after the step',
        async () => (await agent.json('/checks/check_disk'))['exit_code'] === 1,
      );
      expect(await agent.json('/checks/check_disk')).toMatchObject({ check: { history: [0, 2, 1] } });
    });

    it('tells the same after a restart, also when the log was rotated meanwhile', async () => {
      const statuses = [0, 1, 1, 2, 2, 2, 0, 0];
      const lines = statuses.map((status, n) =>
        resultLine({ status, executed: 1000 + n, output: `run ${n}` }),
      );
      agent.write(...lines);
      await agent.agent.start();
      const before = await agent.json('/checks/check_disk');

      const restarted = await createRunningAgent({ charsets: ['utf-8', 'euc-jp'], now: 1300 });
      try {
        writeFileSync(`${restarted.logFile}.1.gz`, gzipSync(`${lines.slice(0, 5).join('\n')}\n`));
        restarted.write(...lines.slice(5));
        await restarted.agent.start();

        expect(await restarted.json('/checks/check_disk')).toEqual(before);
      } finally {
        await restarted.stop();
      }
    });

    it('decodes output by the configured charsets', async () => {
      const [before = '', after = ''] = resultLine({ output: 'X' }).split('X');
      const eucJp = Buffer.from([0xa5, 0xc7, 0xa5, 0xa3, 0xa5, 0xb9, 0xa5, 0xaf]);
      agent.write(Buffer.concat([Buffer.from(before), eucJp, Buffer.from(after)]));
      await agent.agent.start();

      expect(await agent.json('/checks/check_disk')).toMatchObject({
        check: { output: 'ディスク' },
        output_bytes: 8,
        output_encoding: 'euc-jp',
      });
    });

    it('knows a check that was killed at its timeout', async () => {
      agent.write(resultLine({ status: 2, output: 'Execution timed out' }));
      await agent.agent.start();

      expect(await agent.json('/checks/check_disk')).toMatchObject({ timed_out: true });
    });

    it('takes the result of the node before those of proxy clients, and that of the only one', async () => {
      agent.write(
        resultLine({ name: 'ping', output: 'node' }),
        resultLine({ name: 'ping', output: 'switch', source: 'sw-1' }),
        resultLine({ name: 'temp', output: 'switch', source: 'sw-1' }),
        resultLine({ name: 'fan', source: 'sw-1' }),
        resultLine({ name: 'fan', source: 'sw-2' }),
      );
      await agent.agent.start();

      expect(await agent.json('/checks/ping')).toMatchObject({ check: { output: 'node' } });
      expect(await agent.json('/checks/ping?source=')).toMatchObject({ check: { output: 'node' } });
      expect(await agent.json('/checks/temp')).toMatchObject({ check: { output: 'switch' } });
      expect((await agent.get('/checks/fan')).status).toBe(404);
      expect(await agent.json('/checks/ping?source=sw-1')).toMatchObject({
        client: 'web-001',
        client_attributes: { name: 'sw-1', address: 'unknown', subscriptions: ['client:sw-1'] },
        check: { output: 'switch', source: 'sw-1' },
      });
    });

    it('answers 304 while nothing changed', async () => {
      agent.write(resultLine());
      await agent.agent.start();
      const etag = (await agent.get('/checks/check_disk')).headers.get('etag') ?? '';

      const again = await agent.get('/checks/check_disk', { headers: { 'If-None-Match': etag } });
      agent.write(resultLine({ output: 'changed' }));

      expect(again.status).toBe(304);
      await waitFor('another answer', async () => {
        const answer = await agent.get('/checks/check_disk', { headers: { 'If-None-Match': etag } });
        return answer.status === 200;
      });
    });
  });

  describe('with a Sensu configuration', () => {
    const attributes = { address: '10.0.0.1', subscriptions: ['web'] };

    beforeEach(async () => {
      agent.agent.configure(
        wholeConfiguration({
          client: { name: 'web-001.example.com', attributes },
          checks: new Map([['check_later', { command: 'later', interval: 300, occurrences: 3 }]]),
        }),
      );
      agent.write(resultLine());
      await agent.agent.start();
    });

    it("shows the client's attributes", async () => {
      expect(await agent.json('/checks/check_disk')).toMatchObject({ client_attributes: attributes });
    });

    it('knows a check that has not run yet, and does not take the occurrences its alerts wait for for a count', async () => {
      expect(await agent.json('/checks/check_later')).toEqual({
        client: 'web-001.example.com',
        client_attributes: attributes,
        check: { command: 'later', interval: 300, name: 'check_later' },
        last_result: null,
      });
      expect((await agent.get('/checks/check_later/output')).status).toBe(404);
    });
  });

  describe('GET /checks', () => {
    it('lists all checks by name, with those that fell silent', async () => {
      agent.write(
        resultLine({ name: 'b', executed: 1119, status: 2 }),
        resultLine({ name: 'a', executed: 1120 }),
        resultLine({ name: 'pushed', executed: 1199, interval: undefined, duration: undefined, ttl: 100 }),
        resultLine({ name: 'ping', executed: 1200, source: 'sw-1' }),
      );
      await agent.agent.start();

      expect(await agent.json('/checks')).toEqual({
        client: 'web-001',
        checks: [
          { name: 'a', status: 0, executed: 1120, duration: 0.003, stale: false },
          { name: 'b', status: 2, executed: 1119, duration: 0.003, stale: true },
          { name: 'ping', status: 0, executed: 1200, duration: 0.003, source: 'sw-1', stale: false },
          { name: 'pushed', status: 0, executed: 1199, duration: null, stale: true },
        ],
      });
    });

    it('lists a check with cron as silent when it was due twice since', async () => {
      const cron = '*/5 * * * *';
      agent.write(
        resultLine({ name: 'once', cron, interval: 1, executed: 901 }),
        resultLine({ name: 'twice', cron, executed: 600 }),
      );
      await agent.agent.start();

      expect(await agent.json('/checks')).toMatchObject({
        checks: [
          { name: 'once', stale: false },
          { name: 'twice', stale: true },
        ],
      });
    });

    it('gives the full results of several checks in one answer, without those it does not know', async () => {
      agent.write(
        resultLine({ name: 'a' }),
        resultLine({ name: 'b', output: DISK }),
        resultLine({ name: 'c' }),
      );
      await agent.agent.start();

      const { checks } = await agent.json('/checks?names=b,a,unknown,b&output=1');

      expect(checks).toEqual([await agent.json('/checks/b'), await agent.json('/checks/a')]);
    });

    it('is empty before there is a log', async () => {
      await agent.agent.start();

      expect(await agent.json('/checks')).toEqual({ client: null, checks: [] });
    });
  });
});

// In whatever time zone the tests run.
function anIssuedText(time: string): unknown {
  return expect.stringMatching(new RegExp(`^1970-01-01 \\d\\d:${time} [+-]\\d{4}$`));
}
