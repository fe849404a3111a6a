import type { OpenCircuit } from '../../enrich/policy/circuit-breaker.ts';
import type { RecentEnrichment } from '../../enrich/recent.ts';
import type { SourceSummary } from '../../enrich/source-activity.ts';
import type { SendSummary } from '../../alertmanager/send-history.ts';

/** All that the page shows, as it is at one moment. Times in milliseconds since 1970. */
export interface PageSnapshot {
  readonly now: number;
  readonly isReady: boolean;
  readonly alertmanagers: readonly AlertmanagerSnapshot[];
  readonly sources: readonly SourceSnapshot[];
  /** Newest first. */
  readonly enrichments: readonly RecentEnrichment[];
  readonly configuration: ConfigurationSnapshot;
  readonly build: BuildSnapshot;
}

export interface AlertmanagerSnapshot extends SendSummary {
  /** Where alerts are posted. */
  readonly url: string;
  readonly queuedAlerts: number;
}

export interface SourceSnapshot extends SourceSummary {
  readonly name: string;
  /** Most nodes of this source do not answer, and fetches wait only briefly. */
  readonly isStormy: boolean;
  readonly openCircuits: readonly OpenCircuit[];
}

export interface ConfigurationSnapshot {
  readonly file: string;
  readonly loadedAt: number;
  /** Why the file could not be loaded when it was last tried. */
  readonly problem: string | undefined;
  /** As YAML, with defaults, without secrets. */
  readonly effective: string;
}

export interface BuildSnapshot {
  readonly version: string;
  readonly nodeVersion: string;
  readonly startedAt: number;
}
