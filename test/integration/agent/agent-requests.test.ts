import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRunningAgent, type RunningAgent } from '../../support/running-agent.ts';
import { resultLine } from '../../support/result-line.ts';

const DISK = 'DISK CRITICAL - /var 97% used\n';

describe('the agent', () => {
  let agent: RunningAgent;

  beforeEach(async () => {
    agent = await createRunningAgent({ charsets: ['utf-8', 'euc-jp'], now: 1300 });
  });
  afterEach(() => agent.stop());

  describe('GET /checks/{name}/output', () => {
    it('gives the bytes as the script printed them', async () => {
      const bytes = Buffer.from([0xa5, 0xc7, 0x0d, 0x0a, 0x00, 0x1b]);
      const [before = '', after = ''] = resultLine({ output: 'X', status: 2 }).split('X');
      agent.write(
        Buffer.concat([
          Buffer.from(before),
          bytes.subarray(0, 2),
          Buffer.from('\\r\\n\\u0000\\u001b'),
          Buffer.from(after),
        ]),
      );
      await agent.agent.start();

      const response = await agent.get('/checks/check_disk/output');

      expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'text/plain; charset=euc-jp',
        'x-check-status': '2',
        'x-check-executed': '1000',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
    });

    it('gives the last output that was not OK', async () => {
      agent.write(
        resultLine({ status: 2, output: DISK }),
        resultLine({ executed: 1060 }),
        resultLine({ name: 'fine' }),
      );
      await agent.agent.start();

      expect(await (await agent.get('/checks/check_disk/output?last=non_ok')).text()).toBe(DISK);
      expect(await (await agent.get('/checks/check_disk/output?last=non_ok&max_bytes=4')).text()).toBe(
        'DISK',
      );
      expect((await agent.get('/checks/fine/output?last=non_ok')).status).toBe(404);
      expect((await agent.get('/checks/fine/output?last=week')).status).toBe(400);
    });

    it('says so when the middle of what the script printed was not kept, or not asked for', async () => {
      const numbers = Array.from({ length: 100_000 }, (_, n) => `${n}\n`).join('');
      agent.write(resultLine({ output: numbers }), resultLine({ name: 'short', output: '123456' }));
      await agent.agent.start();

      const long = await agent.get('/checks/check_disk/output');
      const text = await long.text();
      const asked = await agent.get('/checks/short/output?max_bytes=4');
      const whole = await agent.get('/checks/short/output');

      expect(text).toMatch(/^0\n1\n[^]*\n…\[\d+ of 588890 bytes left out\]…\n\d+\n[^]*\n99998\n99999\n$/);
      expect(sizeOf(long)).toEqual({ bytes: '588890', truncated: 'true' });
      expect(await asked.text()).toBe('1234');
      expect(sizeOf(asked)).toEqual({ bytes: '6', truncated: 'true' });
      expect(sizeOf(whole)).toEqual({ bytes: '6', truncated: 'false' });
    });

    it('is plain text whatever the script printed', async () => {
      agent.write(resultLine({ output: '<script>alert(1)</script>\r\nSet-Cookie: a=b\r\n' }));
      await agent.agent.start();

      const response = await agent.get('/checks/check_disk/output');

      expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(response.headers.get('set-cookie')).toBeNull();
    });
  });

  describe("GET /results/{client}/{check}, as in Sensu's API", () => {
    beforeEach(async () => {
      agent.write(
        resultLine({ status: 1, output: 'W' }),
        resultLine({ executed: 1060, status: 2, output: DISK }),
        resultLine({ name: 'ping', source: 'sw-1' }),
      );
      await agent.agent.start();
    });

    it('gives the result with its history', async () => {
      expect(await agent.json('/results/web-001/check_disk')).toEqual({
        client: 'web-001',
        check: expect.objectContaining({
          name: 'check_disk',
          output: DISK,
          status: 2,
          executed: 1060,
          history: [1, 2],
        }),
      });
    });

    it('gives the result of a proxy client under its own name', async () => {
      expect(await agent.json('/results/sw-1/ping')).toMatchObject({
        client: 'sw-1',
        check: { source: 'sw-1' },
      });
      expect((await agent.get('/results/web-001/ping')).status).toBe(404);
    });
  });

  describe('any request', () => {
    it.each([
      ['an unknown check', '/checks/nope', 404],
      ['an unknown page', '/nope', 404],
      ['a path out of the tree', '/checks/..%2f..%2fetc%2fpasswd', 404],
      ['a path of a file', '/checks/%2Fetc%2Fpasswd/output', 404],
      ['a name that every object has', '/checks/__proto__', 404],
      ['another one', '/results/constructor/toString', 404],
      ['a name with a line break', '/checks/a%0d%0aX-Evil:1', 404],
      ['a broken escape', '/checks/%ff', 400],
      ['a size that is no number', '/checks/check_disk?max_bytes=1e9', 400],
      ['a parameter given twice', '/checks?names=a&names=b', 400],
    ])('for %s is refused in JSON', async (_, path, status) => {
      agent.write(resultLine());
      await agent.agent.start();

      const response = await agent.get(path);

      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({ error: expect.any(String) });
      expect(response.headers.get('x-evil')).toBeNull();
    });

    it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('of the method %s is refused', async (method) => {
      await agent.agent.start();

      const response = await agent.get('/checks', { method });

      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    });

    it('may be HEAD', async () => {
      agent.write(resultLine());
      await agent.agent.start();

      for (const path of ['/', '/metrics', '/checks', '/checks/check_disk', '/-/healthy', '/-/ready']) {
        const response = await agent.get(path, { method: 'HEAD' });
        expect([path, response.status, await response.text()]).toEqual([path, 200, '']);
      }
    });
  });

  describe('GET /-/healthy and /-/ready', () => {
    it('are told apart: until the log is read, only the first is 200, and nobody sees half of the results', async () => {
      const status = async (path: string): Promise<number> => (await agent.get(path)).status;

      expect(await status('/-/healthy')).toBe(200);
      expect(await status('/-/ready')).toBe(503);
      expect(await status('/metrics')).toBe(503);
      expect(await status('/checks')).toBe(503);
      await agent.agent.start();

      expect(await status('/-/ready')).toBe(200);
      expect(await status('/metrics')).toBe(200);
    });
  });

  it('has a page for people', async () => {
    const response = await agent.get('/');

    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await response.text()).toContain('href="checks"');
  });
});

// As the headers tell it.
function sizeOf({ headers }: Response): object {
  return { bytes: headers.get('x-check-output-bytes'), truncated: headers.get('x-check-truncated') };
}
