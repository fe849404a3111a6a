import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ResultInput } from '../../../src/checks/pushed-result.ts';
import { listenTcp } from '../../../src/runner/result-socket.ts';

describe('a text that arrives in pieces', () => {
  it('is not parsed anew at each piece that ends as a whole text might', async () => {
    let parsedBytes = 0;
    const input: ResultInput = {
      take: (body) => {
        parsedBytes += body.length;
        return { outcome: 'unparsable', reason: 'more to come' };
      },
      refuse: () => undefined,
    };
    const listener = await listenTcp({ bind: '127.0.0.1', port: 0 }, input);
    const socket = connect({ port: listener.port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    let sentBytes = 0;
    for (let piece = 0; piece < 100; piece += 1) {
      const text = '[1],'.repeat(256).slice(0, -1);
      socket.write(text);
      sentBytes += text.length;
      await delay(1);
    }

    const [answer] = (await once(socket, 'data')) as [Buffer];
    await listener.close();
    expect(String(answer)).toBe('invalid');
    expect(parsedBytes).toBeGreaterThanOrEqual(sentBytes);
    expect(parsedBytes).toBeLessThan(4 * sentBytes);
  });
});
