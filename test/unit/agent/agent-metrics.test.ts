import { describe, expect, it } from '@jest/globals';
import { createAgentMetrics } from '../../../src/agent/metrics/agent-metrics.ts';
import {
  createChecks,
  createMetrics,
  scrapeChecks,
  scrapeResults as scrape,
} from '../../support/agent-metrics.ts';
import { checkResult } from '../../support/check-result.ts';
import { sample } from '../../support/scrape.ts';

const seriesOf = (text: string): string[] => text.split('\n').filter((line) => /^check_(?!agent)/.test(line));

describe('the metrics of a check', () => {
  it('tell its last result', async () => {
    const attributes = { interval: 60, duration: 0.25, ttl: 90 };
    const text = await scrape([checkResult({ status: 2, executed: 1234, attributes })]);

    expect(seriesOf(text).sort()).toEqual([
      'check_duration_seconds{check="check_disk"} 0.25',
      'check_exit_code{check="check_disk"} 2',
      'check_info{check="check_disk"} 1',
      'check_interval_seconds{check="check_disk"} 60',
      'check_last_execution_timestamp_seconds{check="check_disk"} 1234',
      'check_problem_occurrences{check="check_disk",problem="failed",severity="critical"} 1',
      'check_problem_timestamp_seconds{check="check_disk",problem="failed",severity="critical"} 1234',
      'check_problem{check="check_disk",problem="failed",severity="critical"} 2',
      'check_status{check="check_disk"} 2',
      'check_ttl_seconds{check="check_disk"} 90',
    ]);
  });

  it('are no more than three for a check that is OK, unless its definition is wanted too', async () => {
    const attributes = { interval: 60, duration: 0.25, ttl: 90, handle: false };
    const text = await scrape([checkResult({ executed: 1234, attributes })], {
      metrics: createMetrics({ withDefinitions: false }),
    });

    expect(seriesOf(text).sort()).toEqual([
      'check_duration_seconds{check="check_disk"} 0.25',
      'check_last_execution_timestamp_seconds{check="check_disk"} 1234',
      'check_status{check="check_disk"} 0',
    ]);
  });

  it.each([
    [3, undefined],
    [4, 4],
    [-1, -1],
    [127, 127],
  ])('show exit status %d as check_exit_code %s by default', async (status, expected) => {
    const text = await scrape([checkResult({ status })], {
      metrics: createMetrics({ withDefinitions: false }),
    });

    expect(sample(text, 'check_exit_code', { check: 'check_disk' })).toBe(expected);
  });

  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
    [11, 3],
    [127, 3],
    [255, 3],
    [-1, 3],
  ])('show exit status %d as check_status %d', async (status, expected) => {
    const text = await scrape([checkResult({ status })]);

    expect(sample(text, 'check_status', { check: 'check_disk' })).toBe(expected);
    expect(sample(text, 'check_exit_code', { check: 'check_disk' })).toBe(status);
  });

  it('have the label source for a proxy client only', async () => {
    const text = await scrape([
      checkResult({ name: 'ping', status: 0 }),
      checkResult({ name: 'ping', status: 1, source: 'sw-"1"\n' }),
    ]);

    expect(text).toContain('check_status{check="ping"} 0\n');
    expect(text).toContain('check_status{check="ping",source="sw-\\"1\\"\\n"} 1\n');
  });

  it('have no zero for a check that has not run', async () => {
    const definitions = { client: undefined, checks: new Map([['later', { interval: 300 }]]) };
    const text = await scrape([], { definitions });

    expect(seriesOf(text).sort()).toEqual([
      'check_info{check="later"} 1',
      'check_interval_seconds{check="later"} 300',
      'check_unknown{check="later"} 1',
    ]);
  });

  it('leave out what a result does not tell', async () => {
    const attributes = { interval: 'often', duration: 'long', ttl: null };
    const text = await scrape([checkResult({ attributes })]);

    expect(text).not.toMatch(/^check_(interval|duration|ttl)_seconds\{/m);
  });

  it.each([
    ['is defined so', {}, { handle: false }, true],
    ['was defined so when it ran', { command: 'true', duration: 0.1, handle: false }, undefined, true],
    ['was pushed so', { handle: false }, undefined, true],
    [
      'is not defined so any more',
      { command: 'true', duration: 0.1, handle: false },
      { handle: true },
      false,
    ],
    ['could not be run for a token without a value', { command: ':::a:::', handle: false }, {}, false],
    ['does not say', { command: 'true', duration: 0.1 }, {}, false],
  ])(
    'tell whether nobody is to be told of a check, when it %s',
    async (_, attributes, definition, expected) => {
      const definitions = {
        client: undefined,
        checks: new Map(definition === undefined ? [] : [['check_disk', definition]]),
      };
      const text = await scrape([checkResult({ attributes })], { definitions });

      expect(sample(text, 'check_info', { check: 'check_disk', handle: 'false' })).toBe(
        expected ? 1 : undefined,
      );
      expect(text.match(/^check_info\{/gm)).toHaveLength(1);
    },
  );

  it.each([
    ['its result', { ttl: 90, ttl_status: 2 }, {}],
    ['its definition', { ttl: 60 }, { ttl: 90, ttl_status: 2 }],
  ])('tell the status of a ttl that has passed, from %s', async (_, attributes, definition) => {
    const definitions = { client: undefined, checks: new Map([['check_disk', definition]]) };
    const text = await scrape([checkResult({ attributes })], { definitions });

    expect(sample(text, 'check_ttl_seconds', { check: 'check_disk', ttl_status: '2' })).toBe(90);
  });

  it('tell when a check with cron is due after its last run, and no interval, by definition or result', async () => {
    const executed = new Date(2026, 10, 20, 12, 5).getTime() / 1000;
    const cron = '*/10 * * * *';
    const definitions = {
      client: undefined,
      checks: new Map([
        ['defined', { command: 'true', cron: '30 6 * * mon', interval: 60 }],
        ['waiting', { command: 'true', cron }],
        ['changed', { command: 'true', interval: 300 }],
      ]),
    };
    const text = await scrape(
      ['logged', 'defined', 'changed'].map((name) =>
        checkResult({ name, executed, attributes: { cron, interval: 60 } }),
      ),
      { definitions },
    );

    const next = (check: string): number | undefined =>
      sample(text, 'check_next_execution_timestamp_seconds', { check });
    expect(next('logged')).toBe(executed + 5 * 60);
    expect(next('defined')).toBe(new Date(2026, 10, 23, 6, 30).getTime() / 1000);
    expect([next('waiting'), next('changed')]).toEqual([undefined, undefined]);
    expect(seriesOf(text).filter((line) => line.startsWith('check_interval'))).toEqual([
      'check_interval_seconds{check="changed"} 300',
    ]);
  });

  it('tell when a run was last left out because the check is subdued, by the source that its definition has', async () => {
    const store = createChecks();
    const definitions = { client: undefined, checks: new Map([['later', { interval: 300 }]]) };
    store.apply(checkResult({ name: 'ping' }));
    store.apply(checkResult({ name: 'ping', source: 'sw-1' }));
    store.apply(checkResult({ name: 'fan', source: 'sw-1' }));
    store.applySubdued({ name: 'ping', source: undefined, subdued: 1100 });
    store.applySubdued({ name: 'ping', source: undefined, subdued: 1200 });
    store.applySubdued({ name: 'fan', source: 'sw-:::rack:::', subdued: 1300 });
    store.applySubdued({ name: 'later', source: undefined, subdued: 1400 });
    const text = await scrapeChecks(createMetrics(), store, definitions);

    expect(text.split('\n').filter((line) => line.startsWith('check_last_subdued'))).toEqual([
      'check_last_subdued_timestamp_seconds{check="fan",source="sw-1"} 1300',
      'check_last_subdued_timestamp_seconds{check="later"} 1400',
      'check_last_subdued_timestamp_seconds{check="ping"} 1200',
    ]);
  });

  it('are gone with the check', async () => {
    const metrics = createMetrics();
    await scrape([checkResult({ name: 'a' }), checkResult({ name: 'b' })], { metrics });
    const text = await scrape([checkResult({ name: 'b' })], { metrics });

    expect(text).not.toContain('check="a"');
    expect(text).toContain('check_status{check="b"} 0');
  });

  it('never carry what the script printed', async () => {
    const text = await scrape([checkResult({ output: 'SECRET|label=1' })], {
      metrics: createMetrics({ checkCounters: true }),
    });

    expect(text).not.toContain('SECRET');
    expect(text).not.toContain('check_perfdata');
  });

  it('have performance data if wanted', async () => {
    const text = await scrape([checkResult({ output: "OK|'a b'=1.5s;2;3 c=4" })], {
      metrics: createMetrics({ perfdata: true }),
    });

    expect(text).toContain('check_perfdata{check="check_disk",label="a b",unit="s"} 1.5\n');
    expect(text).toContain('check_perfdata{check="check_disk",label="c",unit=""} 4\n');
  });

  it('count runs and timeouts if wanted, until the check is forgotten', async () => {
    const metrics = createMetrics({ checkCounters: true });
    metrics.countExecution(checkResult());
    metrics.countExecution(checkResult({ status: 2, output: 'Execution timed out' }));
    const counted = await scrape([], { metrics });
    metrics.countEviction(checkResult());
    const forgotten = await scrape([], { metrics });

    expect(sample(counted, 'check_executions_total', { check: 'check_disk' })).toBe(2);
    expect(sample(counted, 'check_timeouts_total', { check: 'check_disk' })).toBe(1);
    expect(forgotten).not.toContain('check_executions_total{');
    expect(sample(forgotten, 'check_agent_evicted_checks_total')).toBe(1);
  });
});

describe('the metrics of the agent', () => {
  it('count lines by what became of them, from zero on', async () => {
    const metrics = createMetrics();
    metrics.countLine('ok');
    metrics.countLine('ok');
    metrics.countLine('too_long');
    const text = await scrape([], { metrics });

    const count = (result: string): number | undefined =>
      sample(text, 'check_agent_log_lines_total', { result });
    expect(['ok', 'ignored', 'invalid_json', 'too_long'].map(count)).toEqual([2, 0, 0, 1]);
    expect(sample(text, 'check_agent_log_last_read_timestamp_seconds')).toBe(5);
  });

  it('tell the version and the process, but nothing of the inside of Node', async () => {
    const text = await scrape([]);

    expect(text).toMatch(/^check_agent_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).not.toContain('nodejs_');
  });

  it("tell the node's time of each scrape", async () => {
    let time = 5000;
    const metrics = createAgentMetrics({
      now: () => time,
      perfdata: undefined,
      checkCounters: false,
      definitions: false,
      runner: undefined,
    });

    expect(sample(await metrics.scrape([], 0), 'check_agent_time_seconds')).toBe(5);
    time = 65_500;
    expect(sample(await metrics.scrape([], 0), 'check_agent_time_seconds')).toBe(65.5);
  });

  it('tell of the configuration once there is one', async () => {
    const metrics = createMetrics();
    const before = await scrape([], { metrics });
    metrics.setConfiguration({ kind: 'unusable', counts: { usable: 3, broken: 1 } });
    const after = await scrape([], { metrics });

    expect(before).not.toMatch(/check_agent_(config_last_reload_successful|definitions)/);
    expect(sample(after, 'check_agent_config_last_reload_successful')).toBe(0);
    expect(sample(after, 'check_agent_definitions', { state: 'usable' })).toBe(3);
    expect(sample(after, 'check_agent_definitions', { state: 'broken' })).toBe(1);
  });
});
