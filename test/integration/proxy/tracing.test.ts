import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { firing } from '../../support/alert-builder.ts';
import {
  agentSource,
  allowLoopback,
  sendTo,
  startProxy,
  type ProxyConfig,
} from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';
import { startStubSource, type StubSource } from '../../support/stub-source.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status: { readonly code?: number; readonly message?: string };
}

let node: StubSource;
let alertmanagers: StubAlertmanager[];
/** Takes OTLP over HTTP. */
let collector: StubSource;

beforeEach(async () => {
  node = await startStubSource({ '/checks/disk': { body: { check: { output: 'DISK CRITICAL' } } } });
  alertmanagers = [await startStubAlertmanager(), await startStubAlertmanager()];
  collector = await startStubSource({ '/v1/traces': { body: {} } });
});

afterEach(async () => {
  await Promise.all([node, collector, ...alertmanagers].map((stub) => stub.close()));
});

function tracing(parts: ProxyConfig = {}): ProxyConfig {
  return { endpoint: collector.address, insecure: true, sampling_fraction: 1, ...parts };
}

/** Lets one batch through, and stops: that sends what is left. Returns what was answered and logged. */
async function letThrough(parts: ProxyConfig, headers = {}): Promise<{ status: number; log: string }> {
  const proxy = await startProxy({
    alertmanagers: [sendTo(...alertmanagers)],
    sources: [agentSource({ allow: allowLoopback(node.port) })],
    ...parts,
  });
  const { status } = await proxy.post([firing({ instance: node.address, check: 'disk' })], headers);
  await proxy.stop();
  return { status, log: proxy.log() };
}

interface Exported {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

function spans(): Span[] {
  return collector.requests
    .map(({ body }) => JSON.parse(body.toString()) as Exported)
    .flatMap(({ resourceSpans }) => resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans);
}

function traceparents(): unknown[] {
  const requests = [...node.requests, ...alertmanagers.flatMap(({ posts }) => posts)];
  return requests.map(({ headers }) => headers['traceparent']);
}

describe('a traced batch', () => {
  it('is followed to the node and to each Alertmanager', async () => {
    await letThrough({ tracing: tracing() });

    const [batch] = spans().filter(({ name }) => name === 'batch');
    const requests = spans().filter(({ name }) => name !== 'batch');
    expect(requests.map(({ name }) => name).sort()).toEqual(['GET', 'POST', 'POST']);
    expect(batch?.spanId).toMatch(/^[0-9a-f]{16}$/);
    for (const { parentSpanId } of requests) expect(parentSpanId).toBe(batch?.spanId);
    expect(traceparents().sort()).toEqual(
      requests.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`).sort(),
    );
  });

  it('goes on with the trace that Prometheus began, whatever the share of those that begin here', async () => {
    const traceparent = `00-${TRACE_ID}-${PARENT_ID}-01`;
    await letThrough({ tracing: tracing({ sampling_fraction: 0 }) }, { traceparent });

    const [batch] = spans().filter(({ name }) => name === 'batch');
    expect(batch).toMatchObject({ traceId: TRACE_ID, parentSpanId: PARENT_ID });
    expect(traceparents()).toHaveLength(3);
    for (const header of traceparents()) expect(header).toMatch(`00-${TRACE_ID}-`);
  });

  it('says which Alertmanager failed', async () => {
    alertmanagers[1]?.answer({ status: 404 });
    await letThrough({ tracing: tracing() });

    const failed = spans().filter(({ status }) => status.code === 2);
    expect(failed.map(({ name }) => name)).toEqual(['POST']);
  });

  it('reaches a collector that asks for a header, which the log does not show', async () => {
    const { log } = await letThrough({ tracing: tracing({ headers: { 'X-Token': 'hunter2' } }) });

    expect(collector.requests[0]?.headers['x-token']).toBe('hunter2');
    expect(log).not.toContain('hunter2');
  });
});

describe('a batch that is not traced', () => {
  it.each([
    ['because nothing says so', () => ({}), undefined],
    [
      'because it is none of those that are picked',
      () => ({ tracing: tracing({ sampling_fraction: 0 }) }),
      /^00-.+-00$/,
    ],
  ])('leaves no span, %s', async (_, config, traceparent) => {
    await letThrough(config());

    expect(collector.requests).toEqual([]);
    expect(traceparents()).toHaveLength(3);
    for (const header of traceparents()) {
      if (traceparent === undefined) expect(header).toBeUndefined();
      else expect(header).toMatch(traceparent);
    }
  });
});

describe('a collector that is down', () => {
  it('costs no alert, and is named in the log', async () => {
    const { status, log } = await letThrough({ tracing: tracing({ endpoint: '127.0.0.1:1' }) });

    expect(status).toBe(200);
    expect(log).toMatch(/msg="cannot send traces" .*endpoint=127.0.0.1:1/);
  });
});
