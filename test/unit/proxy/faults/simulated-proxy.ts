import { NO_TRACER } from '../../../../src/platform/tracing/span.ts';
import { FieldCache } from '../../../../src/proxy/alert/field-cache.ts';
import { AlertmanagerSet } from '../../../../src/proxy/alertmanager/alertmanager-set.ts';
import { SendLoop, type Connection } from '../../../../src/proxy/alertmanager/send-loop.ts';
import { SendLoops } from '../../../../src/proxy/alertmanager/send-loops.ts';
import { broadcast } from '../../../../src/proxy/alertmanager/send-observer.ts';
import { sendToAll } from '../../../../src/proxy/alertmanager/send-to-all.ts';
import { OutputCache } from '../../../../src/proxy/enrich/output-cache.ts';
import { Enricher } from '../../../../src/proxy/enrich/enricher.ts';
import { createLookupStack } from '../../../../src/proxy/enrich/lookup-stack.ts';
import { TwoLineLimit } from '../../../../src/proxy/enrich/policy/two-line-limit.ts';
import type { Source } from '../../../../src/proxy/enrich/lookup.ts';
import { parseUrlTemplate } from '../../../../src/platform/http/url-template.ts';
import { Admission } from '../../../../src/proxy/intake/admission.ts';
import { Intake } from '../../../../src/proxy/intake/intake.ts';
import { LateOutputs } from '../../../../src/proxy/intake/late-outputs.ts';
import { ReceiptOrder } from '../../../../src/proxy/intake/receipt-order.ts';
import type { SimulatedAlertmanager } from './simulated-alertmanager.ts';

const DEADLINE = 2_000;
const ALERTMANAGER_TIMEOUT = 5_000;
/** So few that batches wait in line. */
const PLACES = 6;

export interface SimulatedProxy {
  readonly intake: Intake;
  /** Alerts given up so far, by all queues. */
  dropped(): number;
  /** Replaces the configuration by one with another connection to each Alertmanager. */
  reload(): void;
}

export interface SimulatedProxyOptions {
  readonly alertmanagers: readonly SimulatedAlertmanager[];
  readonly source: Source;
  /** Milliseconds; 0: no late details. */
  readonly lateWindow: number;
}

/** All parts of the proxy between the body of a POST and the clients of Alertmanagers and nodes, by the test's clock. */
export function createSimulatedProxy({
  alertmanagers,
  source,
  lateWindow,
}: SimulatedProxyOptions): SimulatedProxy {
  let dropped = 0;
  const ignore = (): void => undefined;
  const loops = new SendLoops({
    createLoop: (url, connection) =>
      new SendLoop({
        url,
        connection,
        capacity: 10_000_000,
        observer: broadcast([{ dropped: (alerts) => (dropped += alerts) }]),
        now: Date.now,
        monotonic: () => performance.now(),
      }),
    onRemoved: ignore,
    grace: 5_000,
  });
  const configure = (): AlertmanagerSet => {
    const connections = alertmanagers.map((alertmanager) => ({
      client: alertmanager.connect(),
      timeout: ALERTMANAGER_TIMEOUT,
    }));
    const connectionTo = (target: string): Connection => {
      const connection = connections[Number(target)];
      if (connection === undefined) throw new Error(`there is no Alertmanager ${target}`);
      return connection;
    };
    const set = new AlertmanagerSet({
      acquire: (target) => loops.acquire(target, connectionTo(target)),
      release: (loop) => loops.release(loop, connectionTo(loop.url)),
    });
    set.update([...alertmanagers.keys()].map(String));
    return set;
  };
  let set = configure();
  const intake: Intake = new Intake({
    tracer: NO_TRACER,
    admission: new Admission({ maxEnriching: 3, maxPending: PLACES }),
    order: new ReceiptOrder(),
    late: new LateOutputs({
      now: Date.now,
      monotonic: () => performance.now(),
      send: (late) => {
        intake.sendLate(late);
      },
    }),
    memory: new FieldCache(),
    enricher: createEnricher(source),
    deadline: DEADLINE,
    lateWindow,
    send: (delivery, patience) => sendToAll([set], delivery, Math.min(patience, ALERTMANAGER_TIMEOUT)),
    observer: { received: ignore, enriched: ignore },
    now: Date.now,
    monotonic: () => performance.now(),
  });
  return {
    intake,
    dropped: () => dropped,
    reload: () => {
      const before = set;
      set = configure();
      void before.stop();
    },
  };
}

/** The clock of what was fetched; it reads like a time since 1970, as the real one does. */
export function monotonic(): number {
  return 1_800_000_000_000 + performance.now();
}

function createEnricher(source: Source): Enricher {
  const { lookup, lastKnown } = createLookupStack(source, {
    cache: new OutputCache({ maxEntries: 100, maxBytes: 100_000 }),
    ttl: 3_000,
    negativeTtl: 4_000,
    staleIfError: 3_600_000,
    total: new TwoLineLimit({ concurrency: 3, rounds: 16 }),
    source: new TwoLineLimit({ concurrency: 3, rounds: 16 }),
    perHost: 2,
    timeout: 1_500,
    stormTimeout: 100,
    now: monotonic,
  });
  const rule = {
    source: 'node-agent',
    id: 'node-agent',
    matchers: [],
    template: parseUrlTemplate('http://{instance}/checks/{check}'),
    resolved: 'fetch',
    overwrite: false,
    outputAnnotation: 'check_output',
    lookup,
    lastKnown,
  } as const;
  return new Enricher({ rules: [rule], now: monotonic, wallClock: Date.now });
}
