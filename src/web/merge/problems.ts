import { createHash } from 'node:crypto';
import type { LabelSet } from '../../alertmanager-api/matcher.ts';
import type { ClusterAlert, FailingCheck, Problem, ProblemState, Status } from '../model/cluster.ts';
import { statusOfCode } from './failing.ts';

interface ProblemsOptions {
  readonly cluster: string;
  readonly alerts: Iterable<ClusterAlert>;
  readonly failing: readonly FailingCheck[];
  readonly names: {
    readonly node: string;
    readonly check: string;
    readonly device: string;
    readonly address: string;
  };
  /** Whether an alert is there only to show that alerts get through. */
  readonly isWatchdog: (labels: LabelSet) => boolean;
}

const STATUSES: Readonly<Record<string, Status>> = {
  critical: 'critical',
  error: 'critical',
  page: 'critical',
  warning: 'warning',
  unknown: 'unknown',
};

/** What is wrong in a cluster: its alerts, and the failing checks that have no alert. */
export function listProblems({ cluster, alerts, failing, names, isWatchdog }: ProblemsOptions): Problem[] {
  const describe = (labels: LabelSet): Pick<Problem, 'node' | 'check' | 'device'> => ({
    node: labels[names.node] ?? '',
    check: labels[names.check] ?? '',
    device: labels[names.device] ?? '',
  });
  const problems: Problem[] = [];
  const alerted = new Set<string>();
  for (const alert of alerts) {
    const about = describe(alert.labels);
    alerted.add(JSON.stringify(about));
    if (!isWatchdog(alert.labels)) problems.push(problemOfAlert(cluster, alert, about));
  }
  for (const check of failing) {
    const about = describe(check.labels);
    if (!alerted.has(JSON.stringify(about))) problems.push(problemOfCheck(cluster, check, about));
  }
  return problems;
}

function problemOfAlert(
  cluster: string,
  alert: ClusterAlert,
  about: Pick<Problem, 'node' | 'check' | 'device'>,
): Problem {
  const { labels, excerpt } = alert;
  return {
    cluster,
    ...about,
    id: alert.fingerprint,
    fingerprint: alert.fingerprint,
    labels,
    alertname: labels['alertname'] ?? '',
    status: statusOfAlert(alert),
    state: stateOfAlert(alert),
    since: alert.startsAt,
    excerpt,
    receivers: alert.receivers,
    silencedBy: alert.silencedBy,
    note: noteOn(alert),
    text: searchText(labels, excerpt),
  };
}

function problemOfCheck(
  cluster: string,
  { labels, status }: FailingCheck,
  about: Pick<Problem, 'node' | 'check' | 'device'>,
): Problem {
  return {
    cluster,
    ...about,
    id: createHash('sha256')
      .update(JSON.stringify(Object.entries(labels).sort()))
      .digest('hex')
      .slice(0, 16),
    fingerprint: undefined,
    labels,
    alertname: '',
    status,
    state: 'no_alert',
    since: undefined,
    excerpt: '',
    receivers: [],
    silencedBy: [],
    note: '',
    text: searchText(labels, ''),
  };
}

// The severity is part of what the alert is; check_status is what the proxy found out.
function statusOfAlert({ labels, checkStatus }: ClusterAlert): Status {
  const bySeverity = STATUSES[(labels['severity'] ?? '').toLowerCase()];
  if (bySeverity !== undefined) return bySeverity;
  return checkStatus === undefined || checkStatus === 0 ? 'other' : statusOfCode(checkStatus);
}

function stateOfAlert({ state, silencedBy }: ClusterAlert): ProblemState {
  if (state === 'active') return 'unhandled';
  return silencedBy.length > 0 ? 'silenced' : 'inhibited';
}

function noteOn({ seenOnlyBy, suppressedOnlyBy }: ClusterAlert): string {
  const notes = [];
  if (seenOnlyBy.length > 0) notes.push(`seen by ${seenOnlyBy.join(', ')} only`);
  if (suppressedOnlyBy.length > 0) notes.push(`silenced on ${suppressedOnlyBy.join(', ')} only`);
  return notes.join('; ');
}

function searchText(labels: LabelSet, excerpt: string): string {
  return `${Object.values(labels).join('\n')}\n${excerpt}`.toLowerCase();
}
