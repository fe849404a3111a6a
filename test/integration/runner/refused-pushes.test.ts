import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startRunner, type RunnerUnderTest } from '../../support/node-runner.ts';

describe('many pushes that are refused', () => {
  let node: RunnerUnderTest;

  beforeEach(async () => {
    node = await startRunner({ client: { http_socket: { port: 0 } } });
    for (const body of ['x', '[1]', '{"name":"n"}']) {
      await fetch(`http://127.0.0.1:${node.runner.ports.http ?? 0}/results`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
    }
  });

  afterEach(() => node.stop());

  const said = (): string[] => node.messages().match(/refused a pushed result.*/g) ?? [];

  it('are told of at once, but not of each', () => {
    expect(said()).toEqual(['refused a pushed result" reason="line 1, column 1: expected a value" pushes=1']);
    expect(node.runner.counters.pushesRefused).toBe(3);
  });

  it('are told of with their number when the runner stops', async () => {
    await node.runner.stop();

    expect(said().slice(1)).toEqual([
      'refused a pushed result" reason="check output must be a string" pushes=2',
    ]);
  });
});
