import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../access/viewer.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { WebConfigFile } from '../config/schema.ts';
import type { ClusterSnapshot } from '../model/cluster.ts';
import { parseListQuery, type ListQuery } from '../query/list-query.ts';
import type { SiteState } from '../site.ts';

/** What one request sees: who asks, the clusters of that person, and the query. */
export interface View {
  readonly config: WebConfigFile;
  readonly viewer: Viewer;
  readonly query: ListQuery;
  /** All clusters that the viewer may see. */
  readonly allowed: readonly Cluster[];
  /** Those of them that the query names, or all; what is known of them. */
  readonly snapshots: readonly ClusterSnapshot[];
  readonly now: number;
}

/** A request, with the query of its address. */
type QueriedRequest = IncomingMessage & { readonly query: Readonly<Record<string, unknown>> };

/** What this request sees. A cluster that its sender must not see is as if it did not exist. */
export function viewOf(request: QueriedRequest, state: SiteState, now: number): View {
  const { config, clusters, viewerOf } = state;
  const viewer = viewerOf(request);
  const query = parseListQuery(request.query, config.ui.page_size);
  const allowed = clusters.filter(({ name }) => viewer.roleIn(name) !== 'none');
  const chosen = allowed.filter(({ name }) => query.clusters.length === 0 || query.clusters.includes(name));
  return { config, viewer, query, allowed, snapshots: chosen.map(({ snapshot }) => snapshot), now };
}
