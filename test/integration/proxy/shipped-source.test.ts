import { describe, expect, it } from '@jest/globals';
import { resolved, type PostedAlert } from '../../support/alert-builder.ts';
import { resultLine } from '../../support/result-line.ts';
import { CRITICAL, useShippedScene } from '../../support/shipped-scene.ts';
import { waitFor } from '../../support/wait-for.ts';
import { wholeConfiguration } from '../../support/whole-configuration.ts';

const scene = useShippedScene();

const DISK_IS_DEFINED = wholeConfiguration({
  client: { name: 'web-001', attributes: {} },
  checks: new Map([['check_disk', { command: 'check_disk -w 90' }]]),
});

describe('the shipped configuration and the agent', () => {
  it('write all that the notifications need', async () => {
    scene.agent.agent.configure(
      wholeConfiguration({
        client: {
          name: 'web-001',
          attributes: { address: '10.0.2.100', subscriptions: ['production', 'client:web-001'] },
        },
        checks: new Map(),
      }),
    );
    scene.agent.write(
      resultLine({
        ...CRITICAL,
        command: 'check_disk -w 90',
        notification: 'the disk is full',
        playbook: 'https://wiki.example.com/disk',
      }),
    );
    await scene.agent.agent.start();

    expect(await scene.enrich(scene.alertOf('check_disk'))).toEqual([
      {
        check_output: CRITICAL.output,
        check_status_text: 'CRITICAL',
        check_status: '2',
        check_issued: expect.stringMatching(/^1970-01-01 \d\d:\d\d:40 [+-]\d{4}$/),
        check_command: 'check_disk -w 90',
        check_occurrences: '1',
        client_name: 'web-001',
        client_address: '10.0.2.100',
        client_subscriptions: 'production,client:web-001',
        notification: 'the disk is full',
        playbook: 'https://wiki.example.com/disk',
      },
    ]);
  });

  it('tell an alert that still fires what made it fire, and one that is resolved that all is well', async () => {
    scene.agent.write(
      resultLine(CRITICAL),
      resultLine({ name: 'check_disk', output: 'DISK OK\n', executed: 1060 }),
    );
    await scene.agent.agent.start();
    const alert = scene.alertOf('check_disk');

    const [whileFiring] = await scene.enrich(alert);
    const [onceResolved] = await scene.enrich(resolved(alert));

    expect(whileFiring).toMatchObject({
      check_output: `The check is OK by now. What it said before:\n${CRITICAL.output}`,
      check_status_text: 'CRITICAL',
    });
    expect(onceResolved).toMatchObject({ check_output: 'DISK OK\n', check_status_text: 'OK' });
  });

  it('say that the check has another status by now than the one that the alert is about', async () => {
    scene.agent.write(
      resultLine(CRITICAL),
      resultLine({ name: 'check_disk', status: 1, output: 'DISK WARNING\n', executed: 1060 }),
    );
    await scene.agent.agent.start();
    const about = (check_status: string): PostedAlert =>
      scene.alertOf('check_disk', {}, { annotations: { check_status } });

    const [critical, warning] = await scene.enrich(about('2'), about('1'));

    expect(critical).toMatchObject({
      check_output: expect.stringMatching(/as WARNING, and the alert is about CRITICAL\.\nDISK WARNING\n$/),
      check_status: '2',
      check_status_text: 'WARNING',
    });
    expect(warning).toMatchObject({ check_output: 'DISK WARNING\n' });
  });

  it('ask a node once for all alerts of a batch, and write what they would write for each alone', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `check_${n}`);
    scene.agent.write(
      ...names.map((name) => resultLine({ ...CRITICAL, name, output: `${name} CRITICAL\n` })),
    );
    await scene.agent.agent.start();

    const together = await scene.enrich(...names.map((name) => scene.alertOf(name)));

    expect(scene.requests).toEqual([`/checks?output=1&max_bytes=4000&names=${names.join('%2C')}`]);
    const alone = await Promise.all(names.map((name) => scene.agent.json(`/checks/${name}`)));
    expect(together.map(({ check_output }) => check_output)).toEqual(
      alone.map(({ check }) => (check as { output: string }).output),
    );
  });

  it('tell apart what a node knows and what it does not', async () => {
    scene.agent.write(resultLine(CRITICAL));
    await scene.agent.agent.start();

    const [known, unknown] = await scene.enrich(scene.alertOf('check_disk'), scene.alertOf('check_gone'));

    expect(known).toMatchObject({ check_output: CRITICAL.output });
    expect(unknown).toEqual({
      check_output: expect.stringMatching(
        /^could not fetch check output: 127\.0\.0\.1:\d+ does not know this check$/,
      ),
      check_fetch_error: 'not_found',
    });
    expect(scene.requests).toHaveLength(1);
  });

  it('write why there is no output where the output belongs, also if the annotations are sorted as a chart does', async () => {
    scene.agent.write(resultLine(CRITICAL));
    await scene.agent.agent.start();
    await scene.configure((source) => ({
      ...source,
      annotations: Object.fromEntries(
        Object.entries(source.annotations).sort(([one], [other]) => (one < other ? -1 : 1)),
      ),
    }));
    await scene.killNode();

    const [annotations] = await scene.enrich(scene.alertOf('check_disk'));

    expect(annotations).toEqual({
      check_output: expect.stringMatching(/^could not fetch check output: 127\.0\.0\.1:\d+ refused/),
      check_fetch_error: 'refused',
    });
  });

  it('say that a check has no result yet, and what it said once an alert is about a result', async () => {
    scene.agent.agent.configure(DISK_IS_DEFINED);
    await scene.agent.agent.start();

    const [unrun] = await scene.enrich(scene.alertOf('check_disk', { alertname: 'CheckNeverRan' }));
    scene.agent.write(resultLine(CRITICAL));
    await waitFor('the result', async () => 'issued_text' in (await scene.agent.json('/checks/check_disk')));
    const [known] = await scene.enrich(
      scene.alertOf('check_disk', {}, { startsAt: new Date().toISOString() }),
    );

    expect(unrun).toEqual({
      check_output: 'The agent knows no result of this check.',
      check_command: 'check_disk -w 90',
      client_name: 'web-001',
    });
    expect(known).toMatchObject({ check_output: CRITICAL.output, check_status_text: 'CRITICAL' });
  });

  it('keep the last known output of a node that comes back without its log', async () => {
    scene.agent.agent.configure(DISK_IS_DEFINED);
    scene.agent.write(resultLine(CRITICAL));
    await scene.agent.agent.start();
    await scene.enrich(scene.alertOf('check_disk'));
    await scene.replaceAgent();
    scene.agent.agent.configure(DISK_IS_DEFINED);
    await scene.agent.agent.start();

    const [changed] = await scene.enrich(
      scene.alertOf('check_disk', {}, { startsAt: new Date().toISOString() }),
    );

    expect(changed).toMatchObject({
      check_output: expect.stringMatching(
        /^could not fetch check output: 127\.0\.0\.1:\d+ does not know this check \(it has no result of it any more\)\nlast known output, \d+s old:\nDISK CRITICAL/,
      ),
      check_status_text: 'CRITICAL',
      check_fetch_error: 'not_found',
    });
  });

  it('ask for what a node says of another device', async () => {
    scene.agent.write(
      resultLine(CRITICAL),
      ...['check_fan', 'check_psu'].map((name) => resultLine({ ...CRITICAL, name, source: 'switch-7' })),
    );
    await scene.agent.agent.start();

    const annotations = await scene.enrich(
      scene.alertOf('check_fan', { source: 'switch-7' }),
      scene.alertOf('check_psu', { source: 'switch-7' }),
      scene.alertOf('check_disk'),
    );

    expect(annotations).toMatchObject([
      { check_output: CRITICAL.output, client_name: 'switch-7' },
      { check_output: CRITICAL.output, client_subscriptions: 'client:switch-7' },
      { check_output: CRITICAL.output },
    ]);
    expect([...scene.requests].sort()).toEqual([
      '/checks/check_disk?max_bytes=4000',
      '/checks?output=1&max_bytes=4000&names=check_fan%2Ccheck_psu&source=switch-7',
    ]);
  });
});
