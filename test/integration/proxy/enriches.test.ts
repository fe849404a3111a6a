import { describe, expect, it } from '@jest/globals';
import { firing, resolved } from '../../support/alert-builder.ts';
import { useProxy } from '../../support/proxy-scene.ts';
import { waitFor } from '../../support/wait-for.ts';

const scene = useProxy({
  routes: { '/checks/check_disk': checkAnswer('DISK CRITICAL: /var 97 % used, 3 GB left') },
  alertmanagers: 2,
});

describe('POST /api/v2/alerts', () => {
  it('writes the output of the check into the alert', async () => {
    const response = await scene.proxy.post([
      firing(diskLabels(), { annotations: { summary: 'check_disk is 2' } }),
    ]);

    expect(response.status).toBe(200);
    await arrived(1);
    expect(scene.alertmanager.alerts()[0]?.annotations).toEqual({
      summary: 'check_disk is 2',
      check_output: 'DISK CRITICAL: /var 97 % used, 3 GB left',
    });
  });

  it('sends the same bytes to every Alertmanager', async () => {
    await scene.proxy.post([firing(diskLabels()), firing({ job: 'other' })]);

    await arrived(1);
    const [one, other] = scene.alertmanagers.map(({ posts }) => posts[0]?.body);
    expect(one?.length).toBeGreaterThan(0);
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
  });

  it('asks anew once the alert has resolved', async () => {
    const alert = firing(diskLabels());
    await scene.proxy.post([alert]);
    scene.agent.route('/checks/check_disk', checkAnswer('DISK OK'));
    await scene.proxy.post([resolved(alert)]);

    await arrived(2);
    expect(scene.alertmanager.alerts()[1]?.annotations).toEqual({ check_output: 'DISK OK' });
  });

  it('asks once for an alert that is sent again unchanged', async () => {
    const alert = firing(diskLabels());
    await scene.proxy.post([alert]);
    await scene.proxy.post([alert]);

    expect(scene.agent.requests).toHaveLength(1);
    await arrived(2);
    expect(scene.alertmanager.alerts()[1]?.annotations).toEqual(scene.alertmanager.alerts()[0]?.annotations);
  });

  it('writes why there is no output, and the reason code', async () => {
    const response = await scene.proxy.post([firing({ ...diskLabels(), check: 'check_gone' })]);

    expect(response.status).toBe(200);
    await arrived(1);
    expect(scene.alertmanager.alerts()[0]?.annotations).toEqual({
      check_output: `could not fetch check output: ${scene.agent.address} does not know this check (HTTP status 404)`,
      check_fetch_error: 'not_found',
    });
  });
});

/** A batch is answered as soon as one Alertmanager has accepted it: waits until each has so many. */
async function arrived(batches: number): Promise<void> {
  await waitFor('the batches at both', () =>
    scene.alertmanagers.every(({ posts }) => posts.length === batches),
  );
}

function diskLabels(): Record<string, string> {
  return { check: 'check_disk', instance: scene.agent.address };
}

function checkAnswer(output: string): { body: string; headers: Record<string, string> } {
  return { body: JSON.stringify({ check: { output } }), headers: { 'content-type': 'application/json' } };
}
