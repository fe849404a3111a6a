import type { LabelSet } from '../../alertmanager-api/matcher.ts';
import type { MemberAlert, MemberSilence, SilenceState } from './member.ts';

/** A status of a check; `other` is an alert that is about no check's status. */
export type Status = 'critical' | 'warning' | 'unknown' | 'ok' | 'other';

/** What is done about a problem. `no_alert`: Prometheus has it, and no Alertmanager knows. */
export type ProblemState = 'unhandled' | 'silenced' | 'inhibited' | 'no_alert';

/** An alert of a cluster: what its Alertmanagers say together. */
export interface ClusterAlert extends MemberAlert {
  /** Names of the Alertmanagers that have it, if others that answered later do not; empty if all agree. */
  readonly seenOnlyBy: readonly string[];
  /** Names of the Alertmanagers that suppress it, if others do not; empty if all agree. */
  readonly suppressedOnlyBy: readonly string[];
}

/** A silence of a cluster: what its Alertmanagers say together. */
export interface ClusterSilence extends MemberSilence {
  /** The state by Alertmanager; undefined where it does not know the silence. */
  readonly members: Readonly<Record<string, SilenceState | undefined>>;
  /** How many alerts it matches now. */
  readonly hits: number;
}

/** A check that is not OK, as Prometheus knows it. */
export interface FailingCheck {
  readonly labels: LabelSet;
  readonly status: Status;
  /** When the check ran last, in milliseconds since 1970; undefined if nobody knows. */
  readonly executed: number | undefined;
}

/** `split`: Prometheus servers differ on whether they reach it. */
export type NodeState = 'up' | 'down' | 'split' | 'unknown';

export interface ClusterNode {
  readonly cluster: string;
  readonly name: string;
  readonly state: NodeState;
  /** Names of the Prometheus servers that reach it, and of those that do not. */
  readonly reachedBy: readonly string[];
  readonly missedBy: readonly string[];
  /** The labels of its series: one entry for each address. */
  readonly targets: readonly LabelSet[];
  /** How many checks its agent knows; undefined if nobody said. */
  readonly knownChecks: number | undefined;
}

/** One row of the list of problems: an alert, or a failing check without one. */
export interface Problem {
  readonly cluster: string;
  /** Unique in the cluster: the fingerprint, or a digest of the labels. */
  readonly id: string;
  /** The fingerprint of its alert; undefined without an alert. */
  readonly fingerprint: string | undefined;
  readonly labels: LabelSet;
  readonly node: string;
  readonly check: string;
  readonly device: string;
  readonly alertname: string;
  readonly status: Status;
  readonly state: ProblemState;
  /** Milliseconds since 1970; undefined if only Prometheus knows it. */
  readonly since: number | undefined;
  readonly excerpt: string;
  readonly receivers: readonly string[];
  readonly silencedBy: readonly string[];
  /** What differs between the Alertmanagers, in words; empty if nothing. */
  readonly note: string;
  /** Lower-case text in which words are looked for. */
  readonly text: string;
}

/** One upstream, and how asking it goes. Times in milliseconds since 1970. */
export interface UpstreamView {
  readonly kind: 'prometheus' | 'alertmanager';
  readonly name: string;
  readonly externalUrl: string | undefined;
  readonly version: string | undefined;
  readonly lastAnswerAt: number | undefined;
  readonly failure:
    | { readonly reason: string; readonly detail: string; readonly since: number; readonly times: number }
    | undefined;
  /** Why its data counts less than that of the others; undefined if it does not. */
  readonly behind: string | undefined;
  /** What its clock is ahead of ours, in milliseconds. */
  readonly clockAhead: number;
}

/** Whether what fires in Prometheus gets through to the Alertmanagers. */
export interface Pipeline {
  /** Alerts that fire in Prometheus; undefined if no Prometheus says. */
  readonly firing: number | undefined;
  readonly known: number;
  /** How many of those that fire no Alertmanager knows. */
  readonly missing: number;
  /** Since when more than a tenth is missing, in milliseconds since 1970. */
  readonly missingSince: number | undefined;
}

/** Something that a reader should know of a cluster before its rows. */
export interface ClusterWarning {
  readonly kind:
    'no_data' | 'old_data' | 'upstream' | 'cut' | 'gossip' | 'pipeline' | 'clock' | 'watchdog' | 'query';
  readonly sentence: string;
}

export type Kind = 'alerts' | 'silences' | 'failing' | 'nodes';

/** All that is known of one cluster at one moment. It never changes. */
export interface ClusterSnapshot {
  readonly name: string;
  readonly title: string;
  readonly generation: number;
  readonly upstreams: readonly UpstreamView[];
  readonly problems: readonly Problem[];
  readonly alerts: ReadonlyMap<string, ClusterAlert>;
  readonly silences: readonly ClusterSilence[];
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  /** When what is shown arrived, in milliseconds since 1970; undefined if nothing is known yet. */
  readonly asOf: Readonly<Record<Kind, number | undefined>>;
  /** Whether alerts and silences are as new as they should be. */
  readonly isFresh: boolean;
  readonly pipeline: Pipeline;
  readonly warnings: readonly ClusterWarning[];
  /** Alerts that went away lately, newest first. */
  readonly resolved: readonly ResolvedAlert[];
}

export interface ResolvedAlert {
  readonly alert: ClusterAlert;
  /** When this program no longer saw it, in milliseconds since 1970. */
  readonly at: number;
}
