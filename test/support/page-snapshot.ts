import type { PageSnapshot } from '../../src/proxy/api/page/snapshot.ts';
import type { RecentEnrichment } from '../../src/proxy/activity/recent-enrichments.ts';

export const NOW = Date.parse('2026-03-04T05:06:07Z');

/** An enrichment that went well; what is given replaces that part. */
export function enrichment(parts: Partial<RecentEnrichment> = {}): RecentEnrichment {
  const labels = { alertname: 'CheckFailed', client: 'web-01', check: 'check_disk', severity: 'critical' };
  return {
    at: NOW - 12_000,
    alertname: parts.labels?.['alertname'] ?? labels.alertname,
    labels,
    status: 'firing',
    source: 'node-agent',
    url: 'http://web-01:9470/checks/check_disk',
    host: 'web-01:9470',
    cache: 'fresh',
    milliseconds: 34,
    reason: undefined,
    detail: undefined,
    output: 'DISK CRITICAL: /var 97 % used',
    text: 'DISK CRITICAL: /var 97 % used',
    ...parts,
  };
}

/** One of everything, with the given text wherever the text comes from outside. */
export function snapshotOf(text: string): PageSnapshot {
  return {
    now: NOW,
    isReady: true,
    overload: { refusedBatches: 0, unaskedAlerts: 0 },
    senders: [{ address: text, batches: 3, lastBatchAt: NOW - 20_000, lastCode: 200 }],
    refusals: [{ reason: 'password', address: text, requests: 2, lastAt: NOW - 10_000 }],
    alertmanagers: [
      {
        url: `http://${text}/api/v2/alerts`,
        queuedAlerts: 7,
        isFailing: true,
        lastAcceptedAt: NOW - 3_600_000,
        lastError: { at: NOW - 1_000, sentence: text },
        latency: { median: 3, p95: 1_250 },
      },
    ],
    sources: [
      {
        name: text,
        isStormy: true,
        openCircuits: [{ host: text, reason: 'refused', until: NOW + 30_000 }],
        fetches: new Map([
          ['ok', 6],
          ['timeout', 4],
        ]),
        latency: { median: 20, p95: 900 },
        results: new Map([
          ['fresh', 3],
          ['failed', 1],
        ]),
        reasons: new Map([['timeout', 1]]),
        failingNodes: [
          { host: text, fetches: 9, failures: 4, lastReason: 'timeout', lastFailedAt: NOW - 60_000 },
        ],
      },
    ],
    enrichments: [
      enrichment({
        alertname: text,
        labels: { alertname: text, client: text, check: text },
        source: text,
        output: text,
      }),
      enrichment({ cache: 'failed', reason: 'http_5xx', detail: text, output: undefined, host: text }),
    ],
    configuration: { file: text, loadedAt: NOW - 5_000, problem: text, effective: text },
    build: { version: text, nodeVersion: text, startedAt: NOW - 86_400_000 },
  };
}
