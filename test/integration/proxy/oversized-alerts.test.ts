import { beforeEach, describe, expect, it } from '@jest/globals';
import { firing, type PostedAlert } from '../../support/alert-builder.ts';
import { useProxy } from '../../support/proxy-scene.ts';

const scene = useProxy({ routes: { '/checks/check_disk': { body: { check: { output: 'DISK OK' } } } } });

describe.each([
  ['with a label of 300 KB', { labels: { junk: 'j'.repeat(300_000) } }],
  ['with an annotation of 300 KB', { annotations: { junk: 'j'.repeat(300_000) } }],
  [
    'with 1,100 labels',
    { labels: Object.fromEntries(Array.from({ length: 1_100 }, (_, n) => [`l${n}`, 'v'])) },
  ],
])('an alert %s', (_, { labels = {}, annotations = {} }: Partial<PostedAlert>) => {
  let usual: PostedAlert;
  let large: PostedAlert;

  beforeEach(() => {
    usual = firing({ check: 'check_disk', instance: scene.agent.address });
    large = firing({ ...usual.labels, ...labels }, { annotations });
  });

  it('arrives as it came, between neighbours that are enriched', async () => {
    const response = await scene.proxy.post([usual, large, usual]);

    expect(response.status).toBe(200);
    const [first, second, third] = scene.alertmanager.alerts();
    // Not by toEqual, which would print it.
    expect(JSON.stringify(second) === JSON.stringify(large)).toBe(true);
    for (const neighbour of [first, third])
      expect(neighbour?.annotations).toMatchObject({ check_output: 'DISK OK' });
  });

  it('is counted as unmatched, named in the log, and not listed', async () => {
    await scene.proxy.post([large]);

    expect(await scene.metric('alerts_enriched_total', { source: '', result: 'unmatched' })).toBe(1);
    expect(scene.proxy.log()).toContain('forwarded alerts unread: they are too large');
    expect(await (await fetch(`${scene.proxy.url}/api/v1/enrichments`)).json()).toMatchObject({ data: [] });
  });
});
