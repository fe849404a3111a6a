import { afterAll, expect, it, jest } from '@jest/globals';
import { describeWith } from '../support/binaries.ts';
import { renderTemplate } from '../support/render-template.ts';
import { createTempFolder } from '../support/temp-folder.ts';

// amtool is a process: a busy machine may take its time.
jest.setTimeout(60_000);

/** A resolved alert that tells `output`; `minute` is when it ended. */
function resolved(severity: string, output: string, minute: number, labels: object = {}): object {
  return {
    status: 'resolved',
    labels: { alertname: 'CheckFailed', client: 'n26', check: 'check_disk', severity, ...labels },
    annotations: { check_output: output, check_status_text: output.split(':')[0] },
    endsAt: `2023-11-15T07:${String(minute)}:00Z`,
  };
}

const ofOneCheck = { client: 'n26', check: 'check_disk' };
const fine = resolved('critical', 'OK: fine', 20);

describeWith(['amtool'], 'the text of a RESOLVED of several alerts', ({ amtool }) => {
  const folder = createTempFolder();
  afterAll(() => {
    folder.remove();
  });

  it.each<[string, object, object[], string[]]>([
    [
      'the end alone of a WARNING that became CRITICAL',
      ofOneCheck,
      [fine, resolved('warning', 'CRITICAL: c2', 15)],
      ['OK: fine'],
    ],
    ['one of two that ended together', ofOneCheck, [fine, resolved('warning', 'OK: fine', 20)], ['OK: fine']],
    [
      'what ended after the alert of the subject',
      ofOneCheck,
      [resolved('critical', 'WARNING: w3', 15), resolved('warning', 'OK: fine', 20)],
      ['WARNING: w3', 'OK: fine'],
    ],
    [
      'all of several checks',
      { client: 'n26' },
      [fine, resolved('warning', 'OK: low', 15, { check: 'check_load' })],
      ['OK: fine', 'OK: low'],
    ],
    [
      'all of several nodes',
      { check: 'check_disk' },
      [fine, resolved('warning', 'OK: other', 15, { client: 'n27' })],
      ['OK: fine', 'OK: other'],
    ],
  ])('tells %s', async (_, groupLabels, alerts, told) => {
    const render = (name: string): Promise<string> =>
      renderTemplate(amtool, folder, name, { status: 'resolved', groupLabels, alerts });
    const tells = /(?:OK|WARNING|CRITICAL): \w+/g;

    const mail = await render('sensu.mail.text');
    expect(mail.match(tells)).toEqual(told);
    expect(mail.match(/^Status: /gm)).toHaveLength(told.length);
    expect((await render('sensu.slack.text')).match(tells)).toEqual(told);
  });

  it('is to the byte that of the alert alone', async () => {
    const both = { groupLabels: ofOneCheck, alerts: [fine, resolved('warning', 'CRITICAL: c2', 15)] };

    for (const name of ['sensu.mail.text', 'sensu.slack.text']) {
      expect(await renderTemplate(amtool, folder, name, both)).toBe(
        await renderTemplate(amtool, folder, name, { alerts: [fine] }),
      );
    }
  });

  it('leaves nothing out of what fires', async () => {
    const firing = (severity: string, output: string): object => ({
      ...resolved(severity, output, 15),
      status: 'firing',
      endsAt: '0001-01-01T00:00:00Z',
    });
    const alerts = [firing('critical', 'CRITICAL: c2'), firing('warning', 'WARNING: w1')];

    const mail = await renderTemplate(amtool, folder, 'sensu.mail.text', { groupLabels: ofOneCheck, alerts });
    expect(mail).toContain('CRITICAL: c2');
    expect(mail).toContain('WARNING: w1');
  });
});
