import { describe, expect, it } from '@jest/globals';
import { freePort } from '../../../src/quickstart/free-port.ts';
import { listen } from '../../support/listen.ts';

describe('freePort', () => {
  it('finds a port to listen on', async () => {
    const port = await freePort();

    const listening = await listen(() => undefined, port);
    expect(listening.port).toBe(port);
    await listening.close();
  });

  it('finds none that a connection or another listener could be given meanwhile', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));

    // Linux: net.ipv4.ip_local_port_range begins at 32768.
    expect(ports.filter((port) => port >= 32_768)).toEqual([]);
  });
});
