import pLimit from 'p-limit';
import type { Logger } from '../../platform/log/log.ts';
import type { Viewer } from '../access/viewer.ts';
import { ApiProblem } from '../api/api-problem.ts';
import type { View } from '../api/view.ts';
import { writeMatchers } from '../merge/silences.ts';
import type { WebMetrics } from '../metrics/web-metrics.ts';
import type { SilenceRow } from '../query/silences.ts';
import { planMatchers, planPicked, type PickedAlert, type PlannedSilence } from './plan.ts';
import type { SilenceWish } from './request.ts';
import type { SilenceMatcher } from '../model/member.ts';
import { expireSilence, writeSilence, type WriteResult } from './writer.ts';

interface SilencesOptions {
  readonly metrics: Pick<WebMetrics, 'silenceChanged'>;
  readonly log: Logger;
}

/** What became of one silence of a request. */
export interface ChangeResult {
  readonly cluster: string;
  readonly matchers: readonly SilenceMatcher[];
  readonly result: WriteResult;
}

type Action = 'created' | 'extended' | 'expired';

/** Requests to one cluster at the same time. */
const AT_ONCE = 4;

/** Plans and changes silences, for those who may, and writes down who did. */
export class Silences {
  readonly #options: SilencesOptions;

  constructor(options: SilencesOptions) {
    this.#options = options;
  }

  /** The silences that would be made: of these matchers in these clusters, or of the alerts that were picked. */
  plan(
    view: View,
    wanted:
      | { readonly clusters: readonly string[]; readonly matchers: readonly SilenceMatcher[] }
      | readonly PickedAlert[],
  ): PlannedSilence[] {
    const snapshots = view.allowed.map(({ snapshot }) => snapshot);
    if (!('clusters' in wanted)) return planPicked(snapshots, wanted, view.config.labels);
    for (const name of wanted.clusters) clusterOf(view, name);
    return planMatchers(
      snapshots.filter(({ name }) => wanted.clusters.includes(name)),
      wanted.matchers,
    );
  }

  /** Makes them, each in its cluster. Throws an ApiProblem if the viewer may not; then nothing was changed. */
  create(
    view: View,
    plan: readonly PlannedSilence[],
    wish: SilenceWish,
    author: string,
  ): Promise<ChangeResult[]> {
    this.#demand(view, plan, 'created');
    return this.#each(view, plan, 'created', ({ cluster, matchers }) =>
      writeSilence(clusterOf(view, cluster), {
        matchers,
        startsAt: view.now,
        endsAt: view.now + wish.duration,
        createdBy: author,
        comment: wish.comment,
      }),
    );
  }

  /** Ends them. */
  expire(view: View, rows: readonly SilenceRow[]): Promise<ChangeResult[]> {
    const entries = rows.map(({ cluster, silence }) => ({ cluster, matchers: silence.matchers, silence }));
    this.#demand(view, entries, 'expired');
    return this.#each(view, entries, 'expired', ({ cluster, silence }) =>
      expireSilence(clusterOf(view, cluster), silence.id),
    );
  }

  /** Lets them end so many milliseconds later; matchers, start and annotations stay as they are. */
  extend(view: View, rows: readonly SilenceRow[], by: number): Promise<ChangeResult[]> {
    const entries = rows.map(({ cluster, silence }) => ({ cluster, matchers: silence.matchers, silence }));
    this.#demand(view, entries, 'extended');
    const longest = view.now + view.config.silences.max_duration;
    return this.#each(view, entries, 'extended', ({ cluster, silence }) => {
      const { id, matchers, startsAt, createdBy, comment, annotations } = silence;
      const endsAt = Math.min(silence.endsAt + by, longest);
      return writeSilence(clusterOf(view, cluster), {
        id,
        matchers,
        startsAt,
        endsAt,
        createdBy,
        comment,
        annotations,
      });
    });
  }

  #demand(view: View, entries: readonly { readonly cluster: string }[], action: Action): void {
    const forbidden = entries.find(({ cluster }) => view.viewer.roleIn(cluster) !== 'operator');
    if (forbidden === undefined) return;
    this.#audit(view.viewer, { action, cluster: forbidden.cluster, result: 'forbidden' });
    throw new ApiProblem(
      403,
      'forbidden',
      `You may look at ${forbidden.cluster}, but not change its silences.`,
    );
  }

  #each<E extends { readonly cluster: string; readonly matchers: readonly SilenceMatcher[] }>(
    view: View,
    entries: readonly E[],
    action: Action,
    change: (entry: E) => Promise<WriteResult>,
  ): Promise<ChangeResult[]> {
    const limit = pLimit(AT_ONCE);
    return Promise.all(
      entries.map((entry) =>
        limit(async () => {
          const { cluster, matchers } = entry;
          const result = await change(entry);
          const outcome = result.ok ? { id: result.id, member: result.member } : { error: result.error };
          this.#audit(
            view.viewer,
            { action, cluster, result: result.ok ? 'ok' : 'failed' },
            {
              matchers: writeMatchers(matchers).join(', '),
              ...outcome,
            },
          );
          return { cluster, matchers, result };
        }),
      ),
    );
  }

  #audit(
    { user, groups, remote }: Viewer,
    { action, cluster, result }: { action: Action; cluster: string; result: string },
    more: object = {},
  ): void {
    const { log, metrics } = this.#options;
    metrics.silenceChanged(cluster, action, result);
    const who = { user: user ?? 'anonymous', groups: groups.join(','), remote };
    log.info({ audit: true, ...who, cluster, result, ...more }, `silence ${action}`);
  }
}

function clusterOf({ allowed }: View, name: string): View['allowed'][number] {
  const found = allowed.find((cluster) => cluster.name === name);
  if (found === undefined) throw new ApiProblem(404, 'not_found', 'No such cluster.');
  return found;
}
