import type { ConfigurationSnapshot } from '../../../platform/config/reloads.ts';
import type { OpenCircuit } from '../../enrich/policy/circuit-breaker.ts';
import type { RecentEnrichment } from '../../activity/recent-enrichments.ts';
import type { OverloadSummary } from '../../activity/recent-overload.ts';
import type { RefusalSummary } from '../../activity/recent-refusals.ts';
import type { SenderSummary } from '../../activity/recent-senders.ts';
import type { SourceSummary } from '../../activity/source-activity.ts';
import type { SendSummary } from '../../activity/send-history.ts';

/** All that the page shows, as it is at one moment. Times in milliseconds since 1970. */
export interface PageSnapshot {
  readonly now: number;
  readonly isReady: boolean;
  readonly overload: OverloadSummary;
  /** The one that sent last comes first. */
  readonly senders: readonly SenderSummary[];
  /** Those of the last hour, the newest first. */
  readonly refusals: readonly RefusalSummary[];
  readonly alertmanagers: readonly AlertmanagerSnapshot[];
  readonly sources: readonly SourceSnapshot[];
  /** Newest first. */
  readonly enrichments: readonly RecentEnrichment[];
  readonly configuration: ConfigurationSnapshot;
  readonly build: BuildSnapshot;
}

/** One Alertmanager, and how sending to it goes. */
export interface AlertmanagerSnapshot extends SendSummary {
  /** Where alerts are posted. */
  readonly url: string;
  /** What tells it apart from others with the same URL. */
  readonly tenant?: string | undefined;
  readonly queuedAlerts: number;
}

/** One source, and how its nodes do. */
export interface SourceSnapshot extends SourceSummary {
  readonly name: string;
  /** Most nodes of this source do not answer, and fetches wait only briefly. */
  readonly isStormy: boolean;
  readonly openCircuits: readonly OpenCircuit[];
}

/** What runs, and since when. */
export interface BuildSnapshot {
  readonly version: string;
  readonly nodeVersion: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}
