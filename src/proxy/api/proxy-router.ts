import type { Router } from 'express';
import type { RecentEnrichments } from '../activity/recent-enrichments.ts';
import { createPageRouter } from './page/page-router.ts';
import type { PageSnapshot } from './page/snapshot.ts';
import { createManagementRouter, type ManagementOptions } from '../../platform/web/management-router.ts';

export interface ProxyRouterOptions extends Omit<ManagementOptions, 'program'> {
  readonly recent: RecentEnrichments;
  readonly takeSnapshot: () => PageSnapshot;
}

/** All but the alerts: management, the last enrichments and the page for people. */
export function createProxyRouter({ recent, takeSnapshot, ...options }: ProxyRouterOptions): Router {
  const router = createManagementRouter({ program: 'alertmanager-proxy', ...options });
  router.get('/api/v1/enrichments', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'success', data: recent.list() });
  });
  router.use(createPageRouter(takeSnapshot));
  return router;
}
