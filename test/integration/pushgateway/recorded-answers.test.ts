import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPushgatewayCases, withoutDetails } from '../../support/pushgateway-cases.ts';
import { sendRaw } from '../../support/raw-request.ts';
import { runPushgateway, type RunningPushgateway } from '../../support/running-pushgateway.ts';

const EMPTY_SEGMENT =
  'empty path segment: write an empty value as label@base64/=, and values with a slash in base64\n';

/** Where the gateway answers on purpose what a Pushgateway does not (docs/pushgateway.md). */
const DIFFERENT: Readonly<Record<string, { readonly status: number; readonly answer?: string | RegExp }>> = {
  'no job slash': { status: 400, answer: 'job name is required\n' },
  'double slash': { status: 400, answer: EMPTY_SEGMENT },
  'double slash lead': { status: 400, answer: EMPTY_SEGMENT },
  'dot seg': { status: 400, answer: EMPTY_SEGMENT },
  'pct slash': { status: 200, answer: '' },
  'HEAD metrics': { status: 200 },
  'HEAD healthy': { status: 200 },
  'metrics slash': { status: 301 },
  'api no slash': { status: 404 },
  'label __x': { status: 400, answer: /has a label with an invalid name: __x/ },
  'long line': { status: 400, answer: /whose value is longer than 16384 bytes/ },
};

describe('a gateway answers what a real Pushgateway 1.11.3 answered', () => {
  let running: RunningPushgateway;
  beforeAll(async () => {
    running = await runPushgateway();
  });
  afterAll(() => running.stop());

  it.each(readPushgatewayCases())('$name', async (recorded) => {
    const { status, headers, text } = await sendRaw(running.url, recorded);
    const different = DIFFERENT[recorded.name];
    expect(status).toBe(different?.status ?? recorded.status);
    const wanted = different === undefined ? recorded.answer : different.answer;
    if (wanted instanceof RegExp) expect(text).toMatch(wanted);
    else if (wanted !== undefined && recorded.method !== 'HEAD') {
      expect(withoutDetails(text)).toBe(withoutDetails(wanted));
    }
    if (status === 405 && recorded.path !== '/-/quit') expect(headers['allow']).toMatch(/OPTIONS/);
    if (recorded.stored !== undefined && status === 200) {
      expect(await storedFamilies(running.url, recorded.path.split('/').at(-1))).toEqual(recorded.stored);
    }
  });

  it('still exposes all of it', async () => {
    const { status, text } = await sendRaw(running.url, { path: '/metrics' });
    expect(status).toBe(200);
    expect(text).toContain('conf1{instance="",job="b64"} 1\n');
    expect(text).toMatch(/push_time_seconds\{instance="",job="b1"\} \d+\.\d+\n/);
  });
});

interface DescribedFamily {
  readonly type: string;
  readonly help?: string;
  readonly metrics: readonly unknown[];
}

// In the shape of the recording: without times.
async function storedFamilies(url: string, job: string | undefined): Promise<Record<string, unknown>> {
  const { text } = await sendRaw(url, { path: '/api/v1/metrics' });
  const { data } = JSON.parse(text) as {
    data: ({ labels: Record<string, string> } & Record<string, unknown>)[];
  };
  const group = data.find(({ labels }) => labels['job'] === job) ?? { labels: {} };
  const own = ['labels', 'last_push_successful', 'push_time_seconds', 'push_failure_time_seconds'];
  return Object.fromEntries(
    Object.entries(group)
      .filter(([name]) => !own.includes(name))
      .map(([name, family]) => {
        const { type, help, metrics } = family as DescribedFamily;
        return [name, { type, ...(help !== undefined && { help }), m: metrics }];
      }),
  );
}
