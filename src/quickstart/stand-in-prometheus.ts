import { pause } from '../platform/time/pause.ts';
import type { PostedAlert } from './stand-in-alertmanager.ts';
import type { Running } from './steps.ts';
import type { ScrapeTarget } from './target.ts';

type Alerts = ReadonlyMap<string, PostedAlert>;

interface Evaluation {
  readonly firing: Alerts;
  /** When alerts were last sent, in milliseconds since 1970. */
  readonly sentAt: number;
}

const SEVERITIES: Readonly<Record<string, string>> = { 1: 'warning', 2: 'critical' };
const RESEND_MS = 5_000;
const ALIVE_MS = 60_000;

/**
 * Scrapes the demo node and posts its alerts as Prometheus would, so that the quickstart can show something where no
 * Prometheus is installed: at once when a check fails or recovers, and again every few seconds.
 */
export function startStandInPrometheus(proxyUrl: string, target: ScrapeTarget): Promise<Running> {
  const controller = new AbortController();
  const ended = evaluateUntil(controller.signal, proxyUrl, target);
  const stop = async (): Promise<void> => {
    controller.abort();
    await ended;
  };
  return Promise.resolve({ stop });
}

async function evaluateUntil(signal: AbortSignal, proxyUrl: string, target: ScrapeTarget): Promise<void> {
  let last: Evaluation = { firing: new Map(), sentAt: 0 };
  do {
    // Who does not answer is asked again a second later.
    last = await evaluate(last, proxyUrl, target).catch(() => last);
  } while (await pause(1000, signal));
}

async function evaluate(
  { firing: before, sentAt }: Evaluation,
  proxyUrl: string,
  target: ScrapeTarget,
): Promise<Evaluation> {
  const firing = await scrape(target, before);
  const recovered = [...before].filter(([key]) => !firing.has(key)).map(([, alert]) => resolve(alert));
  const isNew = recovered.length > 0 || firing.size > before.size;
  if (!isNew && Date.now() - sentAt < RESEND_MS) return { firing, sentAt };
  await post(proxyUrl, [...firing.values(), ...recovered]);
  return { firing, sentAt: Date.now() };
}

// One rule: check_status > 0.
async function scrape(target: ScrapeTarget, known: Alerts): Promise<Alerts> {
  const firing = new Map<string, PostedAlert>();
  const response = await fetch(`http://${target.address}/metrics`);
  for (const [, check = '', status = ''] of (await response.text()).matchAll(SAMPLE)) {
    const key = `${check} ${status}`;
    if (status !== '0') firing.set(key, fire(target, check, status, known.get(key)));
  }
  return firing;
}

const SAMPLE = /^check_status\{check="([^"]+)"\} (\d)$/gm;

function fire(
  { client, address }: ScrapeTarget,
  check: string,
  status: string,
  before?: PostedAlert,
): PostedAlert {
  return {
    annotations: { summary: `${client}/${check}` },
    endsAt: new Date(Date.now() + ALIVE_MS).toISOString(),
    startsAt: before?.startsAt ?? new Date().toISOString(),
    labels: {
      alertname: 'CheckFailed',
      check,
      client,
      instance: address,
      severity: SEVERITIES[status] ?? 'unknown',
    },
  };
}

function resolve(alert: PostedAlert): PostedAlert {
  return { ...alert, endsAt: new Date().toISOString() };
}

async function post(proxyUrl: string, alerts: readonly PostedAlert[]): Promise<void> {
  await fetch(`${proxyUrl}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
}
