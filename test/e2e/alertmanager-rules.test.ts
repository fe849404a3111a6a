import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseBatch } from '../../src/proxy/alert/parse.ts';
import { AnnotationSet, spliceBatch } from '../../src/proxy/alert/splice.ts';
import { describeWith } from '../support/binaries.ts';
import type { OddElement } from '../support/odd-element.ts';
import { ODD_ELEMENTS } from '../support/odd-elements.ts';
import { sample, scrape } from '../support/scrape.ts';
import { startProxy } from '../support/start-proxy.ts';
import { startRealAlertmanager, type RealAlertmanager } from '../support/real-alertmanager.ts';

/** Passed on: what becomes of them depends on Alertmanager's version or settings, and their neighbours do not suffer. */
const UP_TO_ALERTMANAGER = [
  // Names: since 0.27 any UTF-8 will do.
  ...['labels', 'annotations'].flatMap((member) =>
    [
      'a name with a lone surrogate',
      'a name with a dot',
      'a name with a dash',
      'a name with a colon',
      'a name that starts with a digit',
      'a name in Japanese',
      'a name spelled with escapes',
    ].map((name) => `${member}: ${name}`),
  ),
  // Without an end, its resolve_timeout says when the alert ends.
  'startsAt: the year 9999',
  // Nothing here tells times apart that are so close.
  'startsAt and endsAt: the end before the start by a nanosecond',
];

/** Left out, because Alertmanagers built with a newer Go refuse them, and all their neighbours with them. */
const UP_TO_GO = [
  ...['startsAt', 'endsAt'].flatMap((member) =>
    ['24:00', '25:00', '60 minutes', '61 minutes'].map((offset) => `${member}: an offset of ${offset}`),
  ),
  'generatorURL: two ports',
  'generatorURL: an IPv6 address without brackets',
  'generatorURL: an IPv6 address that is none',
  'generatorURL: empty brackets',
];

const NEIGHBOUR = { labels: { alertname: 'Neighbour' } };
const ADDED = { annotations: new AnnotationSet({ check_output: 'DISK OK' }), overwrite: true };

describeWith(
  ['alertmanager'],
  'what Alertmanager takes, and what the proxy passes on',
  ({ alertmanager }) => {
    let real: RealAlertmanager;

    beforeAll(async () => {
      const config = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] };
      real = await startRealAlertmanager({ binary: alertmanager, config });
    });

    afterAll(async () => {
      await real.stop();
    });

    it.each(elementsBut([...UP_TO_ALERTMANAGER, ...UP_TO_GO]))('agree on %s', async (_, element) => {
      const batch = `[${element}]`;

      expect(passedOn(batch) !== undefined).toBe(await isTaken(batch));
    });

    it.each(elementsBut(UP_TO_ALERTMANAGER).filter(([, element]) => passedOn(`[${element}]`) !== undefined))(
      'agree on %s, once annotated',
      async (_, element) => {
        expect(await isTaken(passedOn(`[${element}]`) ?? '')).toBe(true);
      },
    );

    it.each(elementsOf(UP_TO_ALERTMANAGER))('take the neighbours of %s', async (sentence, element) => {
      const neighbour = { labels: { ...NEIGHBOUR.labels, of: sentence } };
      const forwarded = passedOn(`[${element},${JSON.stringify(neighbour)}]`) ?? '';
      await post(forwarded);

      expect((await real.alerts()).map(({ labels }) => labels)).toContainEqual(neighbour.labels);
    });

    it.each(elementsOf(UP_TO_GO))('differ on %s, which is left out', (_, element) => {
      expect(passedOn(`[${element}]`)).toBeUndefined();
    });

    it('agree on all of them in one batch', async () => {
      const elements = elementsBut(UP_TO_ALERTMANAGER);
      const leftOut = elements.filter(([, element]) => passedOn(`[${element}]`) === undefined).length;
      const proxy = await startProxy({
        alertmanagers: [{ static_configs: [{ targets: [new URL(real.url).host] }] }],
      });
      try {
        const response = await proxy.post(Buffer.from(`[${elements.map(([, element]) => element).join()}]`));

        // Had Alertmanager refused the rest, the proxy would hand on its sentence.
        expect(await response.text()).toContain(`left out ${leftOut} of ${elements.length} alerts: `);
        expect(response.status).toBe(400);
        expect(sample(await scrape(proxy.url), 'alertmanager_proxy_alertmanager_sent_total')).toBe(
          elements.length - leftOut,
        );
      } finally {
        await proxy.stop();
      }
    });

    async function isTaken(body: string): Promise<boolean> {
      return (await post(body)) === 200;
    }

    // Of a batch that holds null nothing is heard again: the handler panics.
    async function post(body: string): Promise<number | undefined> {
      const response = await fetch(`${real.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      }).catch(() => undefined);
      await response?.arrayBuffer();
      return response?.status;
    }
  },
);

describe('the exceptions above', () => {
  it('are all elements that are tried', () => {
    const exceptions = [...UP_TO_ALERTMANAGER, ...UP_TO_GO];

    expect(elementsOf(exceptions)).toHaveLength(exceptions.length);
  });
});

// What the proxy would forward of a batch, annotated; undefined if it leaves something out.
function passedOn(text: string): string | undefined {
  const { body, alerts, malformed } = parseBatch(Buffer.from(text));
  if (malformed.length > 0) return undefined;
  return spliceBatch(
    body,
    alerts,
    alerts.map(() => ADDED),
  ).body.toString();
}

function elementsOf(sentences: readonly string[]): OddElement[] {
  return ODD_ELEMENTS.filter(([sentence]) => sentences.includes(sentence));
}

function elementsBut(sentences: readonly string[]): OddElement[] {
  return ODD_ELEMENTS.filter(([sentence]) => !sentences.includes(sentence));
}
