import { randomUUID } from 'node:crypto';
import { listen, type Listening } from './listen.ts';
import { give, recording, type RecordedRequest, type StubAnswer } from './stub-answer.ts';

/** An alert as Alertmanager gives it. */
export interface StubAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly state?: 'active' | 'suppressed';
  readonly silencedBy?: readonly string[];
}

export interface StubSilence {
  readonly id: string;
  readonly matchers: readonly { name: string; value: string; isRegex: boolean; isEqual: boolean }[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly updatedAt: string;
  readonly state: 'active' | 'pending' | 'expired';
}

/** An Alertmanager for the page: lists, takes and expires silences, and fails on demand. */
export interface StubSet extends Listening {
  alerts: readonly StubAlert[];
  /** By id; two stubs that share one map gossip. */
  silences: Map<string, StubSilence>;
  /** Answers in place of the usual one; undefined: the usual one. */
  fault: (request: RecordedRequest) => StubAnswer | undefined;
  readonly requests: RecordedRequest[];
  /** Lists under way at the same time, at most. */
  readonly mostListsAtOnce: () => number;
}

/** Starts it on a free port. */
export async function startStubSet(silences = new Map<string, StubSilence>()): Promise<StubSet> {
  const requests: RecordedRequest[] = [];
  let [underWay, most] = [0, 0];
  const stub: Omit<StubSet, keyof Listening> = {
    alerts: [],
    silences,
    fault: () => undefined,
    requests,
    mostListsAtOnce: () => most,
  };
  const listening = await listen(
    recording(async (request, response) => {
      requests.push(request);
      const isList = request.method === 'GET' && !request.path.startsWith('/api/v2/silence/');
      if (isList) most = Math.max(most, (underWay += 1));
      response.once('close', () => (underWay -= isList ? 1 : 0));
      await give(stub.fault(request) ?? usualAnswer(stub, request), response);
    }),
  );
  return Object.assign(stub, listening);
}

function usualAnswer(
  stub: Omit<StubSet, keyof Listening>,
  { method, path, body }: RecordedRequest,
): StubAnswer {
  const url = new URL(path, 'http://stub');
  const id = url.pathname.split('/').at(-1) ?? '';
  switch (`${method} ${url.pathname.replace(/\/silence\/.+/, '/silence/ID')}`) {
    case 'GET /api/v2/alerts':
      return { body: stub.alerts.map(gettable) };
    case 'GET /api/v2/silences':
      return { body: [...stub.silences.values()].map(gettableSilence) };
    case 'GET /api/v2/silence/ID': {
      const silence = stub.silences.get(id);
      return silence === undefined ? { status: 404 } : { body: gettableSilence(silence) };
    }
    case 'POST /api/v2/silences':
      return { body: { silenceID: take(stub.silences, JSON.parse(body.toString()) as StubSilence) } };
    case 'DELETE /api/v2/silence/ID': {
      const silence = stub.silences.get(id);
      if (silence === undefined) return { status: 404 };
      const now = new Date().toISOString();
      stub.silences.set(id, { ...silence, state: 'expired', endsAt: now, updatedAt: now });
      return {};
    }
    case 'GET /api/v2/status':
      return {
        body: { versionInfo: { version: '0.25.0' }, cluster: { name: 'x', peers: [{ address: 'shared' }] } },
      };
    default:
      return { status: 404 };
  }
}

// As Alertmanager: with an id it is changed if its matchers stay, else a new one begins and the old one ends.
function take(silences: Map<string, StubSilence>, posted: StubSilence): string {
  const before = silences.get(posted.id);
  const isSame = before !== undefined && JSON.stringify(before.matchers) === JSON.stringify(posted.matchers);
  const id = isSame ? posted.id : randomUUID();
  const updatedAt = new Date().toISOString();
  if (before !== undefined && !isSame) silences.set(before.id, { ...before, state: 'expired', updatedAt });
  const state = Date.parse(posted.startsAt) > Date.now() ? 'pending' : 'active';
  silences.set(id, { ...posted, id, updatedAt, state });
  return id;
}

function gettable({
  fingerprint,
  labels,
  annotations = {},
  state = 'active',
  silencedBy = [],
}: StubAlert): object {
  const at = new Date(Date.now() - 60_000).toISOString();
  return {
    fingerprint,
    labels,
    annotations,
    startsAt: at,
    updatedAt: at,
    endsAt: new Date(Date.now() + 240_000).toISOString(),
    generatorURL: 'http://prometheus.example.com/graph',
    receivers: [{ name: 'mailer' }],
    status: { state, silencedBy, inhibitedBy: [] },
  };
}

function gettableSilence({ state, ...silence }: StubSilence): object {
  return { ...silence, status: { state } };
}

/** A Prometheus for the page: answers instant queries from a table, and fails on demand. */
export interface StubQueries extends Listening {
  /** Series by query. */
  readonly series: Map<string, readonly { metric: Readonly<Record<string, string>>; value: string }[]>;
  fault: (request: RecordedRequest) => StubAnswer | undefined;
}

/** Starts it on a free port. */
export async function startStubQueries(): Promise<StubQueries> {
  const series: StubQueries['series'] = new Map();
  const stub: Pick<StubQueries, 'series' | 'fault'> = { series, fault: () => undefined };
  const listening = await listen(
    recording((request, response) => {
      const query = new URLSearchParams(request.body.toString()).get('query') ?? '';
      const result = (series.get(query) ?? []).map(({ metric, value }) => ({
        metric,
        value: [Date.now() / 1000, value],
      }));
      const usual = { body: { status: 'success', data: { resultType: 'vector', result } } };
      return give(stub.fault(request) ?? usual, response);
    }),
  );
  return Object.assign(stub, listening);
}
