import { afterAll, expect, it, jest } from '@jest/globals';
import { describeWith } from '../support/binaries.ts';
import { renderTemplate } from '../support/render-template.ts';
import { createTempFolder } from '../support/temp-folder.ts';

// amtool is a process: a busy machine may take its time.
jest.setTimeout(60_000);

const colors: Readonly<Record<string, string>> = {
  OK: '#36a64f',
  WARNING: '#FFCC00',
  CRITICAL: '#FF0000',
  UNKNOWN: '#6600CC',
};

describeWith(['amtool'], 'the text about a check that says nothing', ({ amtool }) => {
  const folder = createTempFolder();
  afterAll(() => {
    folder.remove();
  });

  it.each([
    ['CheckSilent', 'firing', 'WARNING', 'WARNING'],
    ['CheckSilent', 'resolved', 'WARNING', 'OK'],
    ['CheckNeverRan', 'firing', 'WARNING', 'WARNING'],
    ['CheckNeverRan', 'resolved', 'WARNING', 'OK'],
    ['CheckNeverRanInADay', 'firing', 'WARNING', 'WARNING'],
    ['CheckNeverRanInADay', 'resolved', 'WARNING', 'OK'],
    ['CheckTtlPassed', 'firing', 'CRITICAL', 'CRITICAL'],
    ['CheckTtlPassed', 'resolved', 'CRITICAL', 'OK'],
    ['CheckTtlPassed', 'firing', 'UNKNOWN', 'UNKNOWN'],
    ['CheckTtlPassed', 'resolved', 'UNKNOWN', 'OK'],
    // Not of a rule but of a result: Sensu's, whatever it is.
    ['CheckFailed', 'resolved', 'CRITICAL', 'CRITICAL'],
    // Alertmanager ended it by itself: nothing says OK.
    ['CheckFailed', 'firing', 'WARNING', 'WARNING'],
    ['CheckFailed', 'resolved', 'WARNING', 'UNKNOWN'],
    ['CheckFailed', 'resolved', 'OK', 'OK'],
  ])('of %s that is %s with the status %s says %s', async (alertname, status, written, told) => {
    const alert = {
      status,
      labels: { alertname, client: 'n25', check: 'check_disk', severity: 'warning' },
      annotations: {
        check_output: 'Last check execution was 201 seconds ago',
        check_status_text: written,
        client_address: '10.0.2.25',
      },
    };
    const render = (name: string): Promise<string> =>
      renderTemplate(amtool, folder, name, { alerts: [alert] });

    const event = status === 'firing' ? 'ALERT' : 'RESOLVED';
    const name = alertname === 'CheckFailed' ? '' : ` (${alertname})`;
    expect(await render('sensu.mail.subject')).toBe(`${event} - n25/check_disk: ${told}${name}`);
    const text = await render('sensu.mail.text');
    expect(text).toContain(`\nStatus:  ${told}\n`);
    const isEndedByItself = status === 'resolved' && alertname === 'CheckFailed' && told === 'UNKNOWN';
    expect(text.startsWith('The alert has ended, but no result of the check says OK.')).toBe(isEndedByItself);
    expect(await render('sensu.slack.title')).toBe(`10.0.2.25 - ${told}${name}`);
    expect(await render('sensu.slack.color')).toBe(colors[told]);
  });
});
