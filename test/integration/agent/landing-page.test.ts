import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attributeOf, elementsOf, tableOf } from '../../support/html-outline.ts';
import { resultLine } from '../../support/result-line.ts';
import { createRunningAgent, type RunningAgent } from '../../support/running-agent.ts';

const HOSTILE = '<script>"/..&?#';

describe('the page of the agent', () => {
  let agent: RunningAgent;

  beforeEach(async () => {
    agent = await createRunningAgent({ now: 1010 });
  });
  afterEach(() => agent.stop());

  async function open(): Promise<string> {
    const response = await agent.get('/');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    return response.text();
  }

  it('lists the checks, the failing ones first', async () => {
    agent.write(
      resultLine({ name: 'check_a' }),
      resultLine({ name: 'check_b', status: 2 }),
      resultLine({ name: 'check_c', status: 127 }),
      resultLine({ name: 'check_d', status: 1, source: 'switch-7' }),
    );
    await agent.agent.start();

    const [, ...rows] = tableOf(await open(), 'checks');

    expect(rows.map(([name, status]) => `${status ?? ''} ${name ?? ''}`)).toEqual([
      'CRITICAL check_b',
      'UNKNOWN check_c',
      'WARNING check_d of switch-7',
      'OK check_a',
    ]);
  });

  it('leads to the result and to the output of each check, whatever the device is called', async () => {
    agent.write(resultLine({ status: 2 }), resultLine({ name: 'check_ports', source: HOSTILE }));
    await agent.agent.start();

    const page = await open();
    const links = elementsOf(page).flatMap((element) => attributeOf(element, 'href') ?? []);

    const addresses = links.filter((link) => link.startsWith('checks/'));
    expect(addresses).toHaveLength(4);
    const answers = await Promise.all(addresses.map((address) => agent.get(`/${address}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(elementsOf(page).filter(({ tagName }) => tagName === 'script')).toEqual([]);
    expect(page).toContain('&lt;script&gt;');
  });

  it('fits a phone', async () => {
    await agent.agent.start();

    const names = elementsOf(await open()).map((element) => attributeOf(element, 'name'));

    expect(names).toContain('viewport');
  });

  it('shows no checks before the log is read', async () => {
    agent.write(resultLine({ name: 'check_a' }));

    expect(await open()).toContain('The log is still being read.');
  });
});
