import { symlinkSync, unlinkSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NodeAgent, type NodeAgentOptions } from '../../../src/agent/node.ts';
import { createRecordedLog, type RecordedLog } from '../../support/recorded-log.ts';
import { sample, scrape } from '../../support/scrape.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { freePort } from '../../../src/quickstart/free-port.ts';

let folder: TempFolder;
let recorded: RecordedLog;

beforeEach(() => {
  folder = createTempFolder();
  recorded = createRecordedLog();
});
afterEach(() => {
  folder.remove();
});

function createNode(options: Partial<NodeAgentOptions> = {}): NodeAgent {
  return new NodeAgent({
    listenAddress: '127.0.0.1:0',
    logFiles: [`${folder.path}/sensu-client.log`],
    charsets: ['utf-8'],
    perfdata: false,
    checkCounters: false,
    definitionMetrics: false,
    configDirectories: [`${folder.path}/conf.d`],
    runner: undefined,
    env: {},
    log: recorded.log,
    ...options,
  });
}

async function definitions(url: string): Promise<Record<string, number | undefined>> {
  const text = await scrape(url);
  const inState = (state: string): number | undefined => sample(text, 'check_agent_definitions', { state });
  return { usable: inState('usable'), broken: inState('broken') };
}

function createRunnerOptions(): NodeAgentOptions['runner'] {
  return {
    logFile: `${folder.path}/sensu-client.log`,
    outputLimit: 1024,
    stdout: new PassThrough(),
    halt: new AbortController().signal,
  };
}

describe('an agent whose runner cannot start', () => {
  it('says why and leaves nothing open', async () => {
    folder.write('conf.d/client.json', JSON.stringify({ client: { name: 'no good' } }));
    const listenAddress = `127.0.0.1:${await freePort()}`;
    const node = createNode({ listenAddress, runner: createRunnerOptions() });

    await expect(node.start()).rejects.toThrow('client name cannot contain spaces');

    expect(recorded.text()).toContain(`msg=listening url=http://${listenAddress}`);
    await expect(fetch(`http://${listenAddress}/-/healthy`)).rejects.toThrow('fetch failed');
  });
});

describe('a configuration directory that does not exist', () => {
  it('ends an agent that is to run its checks', async () => {
    await expect(createNode({ runner: createRunnerOptions() }).start()).rejects.toThrow(
      `the folder ${folder.path}/conf.d does not exist: create it or set --config.dir`,
    );
  });

  it('is a warning to one that shows what the log tells', async () => {
    const node = createNode();
    const url = await node.start();
    const text = await scrape(url);
    await node.stop();

    expect(recorded.text()).toMatch(new RegExp(`level=WARN .*file=${folder.path}/conf.d`));
    expect(sample(text, 'check_agent_config_last_reload_successful')).toBe(0);
  });
});

describe('a check that turns critical when the disk has no room for the log', () => {
  it('is shown as critical', async () => {
    const client = { name: 'web-001', socket: { enabled: false }, http_socket: { enabled: false } };
    const check = { command: `test -e ${folder.path}/fine || exit 2`, interval: 1, standalone: true };
    folder.write('fine', '');
    folder.write('conf.d/all.json', JSON.stringify({ client, checks: { disk: check } }));
    const node = createNode({ runner: createRunnerOptions() });
    const url = await node.start();
    const status = async (): Promise<number | undefined> => sample(await scrape(url), 'check_status');
    await waitFor('the first result', async () => (await status()) === 0);
    unlinkSync(`${folder.path}/sensu-client.log`);
    // Takes no byte: no space left on device.
    symlinkSync('/dev/full', `${folder.path}/sensu-client.log`);
    node.reopenLog();
    unlinkSync(`${folder.path}/fine`);

    await waitFor('the change', async () => (await status()) === 2);
    const lost = sample(await scrape(url), 'check_agent_runner_lost_lines_total');
    await node.stop();

    expect(lost).toBeGreaterThan(0);
  });
});

describe("a result that a program relays to the runner, a copy of another client's", () => {
  it('is shown and stays, though no definition names its check', async () => {
    const port = await freePort();
    const client = { name: 'web-001', socket: { enabled: false }, http_socket: { port } };
    const check = { command: 'true', interval: 600, standalone: true };
    folder.write('conf.d/all.json', JSON.stringify({ client, checks: { own: check, moved: check } }));
    const node = createNode({ runner: createRunnerOptions() });
    const url = await node.start();
    folder.write('conf.d/all.json', JSON.stringify({ client, checks: { own: check } }));
    await node.reload();
    for (const name of ['relayed', 'moved']) {
      await fetch(`http://127.0.0.1:${port}/results`, {
        method: 'POST',
        body: JSON.stringify({ ...check, name, issued: 1000, executed: 1000, output: 'down', status: 2 }),
        headers: { 'content-type': 'application/json' },
      });
    }

    await waitFor('the results', async () => sample(await scrape(url), 'check_status{check="moved"}') === 2);
    await node.reload();
    const text = await scrape(url);
    await node.stop();

    expect(sample(text, 'check_status{check="relayed"}')).toBe(2);
    expect(sample(text, 'check_status{check="moved"}')).toBe(2);
  });
});

describe('the definitions', () => {
  const check = { command: 'true', interval: 600, standalone: true };
  const client = { name: 'web-001', socket: { enabled: false }, http_socket: { enabled: false } };
  const write = (checks: object): void => {
    folder.write('conf.d/all.json', JSON.stringify({ client, checks }));
  };
  const createCounting = (how: string): NodeAgent =>
    createNode({ runner: how === 'with' ? createRunnerOptions() : undefined });

  it.each(['without', 'with'])(
    'are told once at the start and once at each reload, %s a runner',
    async (how) => {
      write({ one: check, two: check, idle: { ...check, publish: false } });
      const node = createCounting(how);
      await node.start();
      write({ one: check, broken: { command: 5 } });
      folder.write('conf.d/half.json', '{"checks":');
      await node.reload();
      await node.stop();

      const counts = [...recorded.text().matchAll(/level=INFO msg="definitions loaded" (.+)/g)];
      expect(counts.map(([, fields]) => fields)).toEqual([
        'checks=2 idle=1 broken=0',
        'checks=1 idle=0 broken=2',
      ]);
    },
  );

  it.each(['without', 'with'])('are a metric, the usable and the broken ones, %s a runner', async (how) => {
    write({ one: check, idle: { ...check, publish: false }, odd: { ...check, subdue: 'never' } });
    const node = createCounting(how);
    const url = await node.start();
    const atStart = await definitions(url);
    write({ one: check, broken: { command: 5 } });
    folder.write('conf.d/half.json', '{"checks":');
    folder.write('conf.d/nameless.json', JSON.stringify({ client: { name: 'no good' } }));
    await node.reload();
    const broken = await definitions(url);
    await node.stop();

    expect(atStart).toEqual({ usable: 3, broken: 0 });
    expect(broken).toEqual({ usable: 1, broken: 3 });
  });
});

describe('a check whose definition has a name of its own', () => {
  it('is known by that name only, as its results are', async () => {
    const check = { command: 'echo r; exit 1', interval: 1, standalone: true };
    folder.write(
      'conf.d/a.json',
      JSON.stringify({
        client: {
          name: 'n1',
          address: '192.0.2.4',
          subscriptions: [],
          socket: { enabled: false },
          http_socket: { enabled: false },
        },
        checks: { plain_key: { ...check, name: 'renamed' }, other: check },
      }),
    );
    const node = createNode({ runner: createRunnerOptions() });
    const url = await node.start();
    try {
      const names = await waitFor('the results', async () => {
        const { checks } = (await (await fetch(`${url}/checks`)).json()) as {
          checks: { name: string; status: number | null }[];
        };
        return checks.every(({ status }) => status === 1) ? checks.map(({ name }) => name) : undefined;
      });

      expect(names).toEqual(['other', 'renamed']);
    } finally {
      await node.stop();
    }
  });
});
