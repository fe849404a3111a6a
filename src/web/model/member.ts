import type { LabelSet } from '../../alertmanager-api/matcher.ts';

/** What one upstream last told of one kind. It stays when a later question fails. */
export interface Known<T> {
  readonly value: T;
  /** When it arrived, in milliseconds since 1970. */
  readonly at: number;
  /** Why the list is not whole; undefined if it is. */
  readonly cut: string | undefined;
}

/** An alert as one Alertmanager has it; times in milliseconds since 1970. */
export interface MemberAlert {
  readonly fingerprint: string;
  readonly labels: LabelSet;
  readonly state: 'active' | 'suppressed';
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  readonly receivers: readonly string[];
  readonly startsAt: number;
  readonly updatedAt: number;
  readonly generatorUrl: string;
  /** The beginning of the output, or of what else describes the alert. */
  readonly excerpt: string;
  /** The status of the check as the proxy wrote it; undefined without one. */
  readonly checkStatus: number | undefined;
}

export type SilenceState = 'active' | 'pending' | 'expired';

export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** A silence as one Alertmanager has it; times in milliseconds since 1970. */
export interface MemberSilence {
  readonly id: string;
  readonly state: SilenceState;
  readonly matchers: readonly SilenceMatcher[];
  readonly createdBy: string;
  readonly comment: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly updatedAt: number;
  /** Kept by Alertmanager 0.32 and later. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

/** A series of an instant query. */
export interface Sample {
  readonly labels: LabelSet;
  readonly value: number;
}

/** What one Alertmanager says of its peers. */
export interface GossipStatus {
  readonly name: string;
  /** `host:port` of each member that it sees, itself among them. */
  readonly peers: readonly string[];
}
