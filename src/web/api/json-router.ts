import express, { type Request, type Response, type Router } from 'express';
import type { SiteState } from '../site.ts';
import { ApiProblem } from './api-problem.ts';
import { alertsCsv } from './csv.ts';
import {
  alertsDocument,
  checksDocument,
  clustersDocument,
  describeNode,
  describeProblem,
  describeSilence,
  nodesDocument,
  silencesDocument,
} from './documents.ts';
import { findProblems } from '../query/problems.ts';
import { viewOf, type View } from './view.ts';

export interface JsonRouterOptions {
  readonly state: () => SiteState;
  readonly now: () => number;
}

/** `/api/v1/…`: what the pages show, as JSON. */
export function createJsonRouter({ state, now }: JsonRouterOptions): Router {
  const router = express.Router();
  const get = (path: string, document: (view: View, request: Request) => object): void => {
    router.get(path, (request, response) => {
      answer(response, document(viewOf(request, state(), now()), request));
    });
  };
  get('/clusters', clustersDocument);
  router.get('/alerts', (request, response) => {
    const view = viewOf(request, state(), now());
    if (request.accepts(['json', 'csv']) !== 'csv') answer(response, alertsDocument(view));
    else response.type('csv').send(alertsCsv(findProblems(view.snapshots, view.query)));
  });
  get('/nodes', nodesDocument);
  get('/checks', checksDocument);
  get('/silences', silencesDocument);
  get('/nodes/:cluster/:node', nodeDocument);
  get('/silences/:cluster/:id', silenceDocument);
  get('/me', ({ viewer, allowed }) => ({
    data: {
      user: viewer.user,
      groups: viewer.groups,
      roles: Object.fromEntries(allowed.map(({ name }) => [name, viewer.roleIn(name)])),
    },
  }));
  router.use(() => {
    throw new ApiProblem(404, 'not_found', 'Nothing answers at this path.');
  });
  return router;
}

function nodeDocument(view: View, { params }: Request): object {
  const { cluster, node } = params as Record<string, string>;
  const snapshot = view.allowed.find(({ name }) => name === cluster)?.snapshot;
  const found = snapshot?.nodes.get(node ?? '');
  if (snapshot === undefined || found === undefined) throw new ApiProblem(404, 'not_found', 'No such node.');
  const problems = snapshot.problems.filter((problem) => problem.node === node);
  return { data: { ...describeNode(found), problems: problems.map(describeProblem) } };
}

function silenceDocument(view: View, { params }: Request): object {
  const { cluster = '', id } = params as Record<string, string>;
  const snapshot = view.allowed.find(({ name }) => name === cluster)?.snapshot;
  const silence = snapshot?.silences.find((one) => one.id === id);
  if (silence === undefined) throw new ApiProblem(404, 'not_found', 'No such silence.');
  return { data: describeSilence({ cluster, silence }) };
}

function answer(response: Response, document: object): void {
  response.set('Cache-Control', 'no-store').json({ status: 'success', ...document });
}
