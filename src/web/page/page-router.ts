import express, { type Request, type Response, type Router } from 'express';
import { sendDocument } from '../../page/document.ts';
import { hitTest } from '../merge/silences.ts';
import { viewOf, type View } from '../api/view.ts';
import { ApiProblem } from '../api/api-problem.ts';
import type { Details } from '../details/details.ts';
import { textsOf } from '../query/list-query.ts';
import type { SiteState } from '../site.ts';
import { renderCheck } from './check.ts';
import { WEB_LOOK } from './layout.ts';
import { renderNode } from './node.ts';
import { renderChecks, renderNodes } from './nodes.ts';
import { renderOverview } from './overview.ts';
import type { PageContext } from './page-context.ts';
import { renderProblems } from './problems.ts';
import { renderSilences } from './silences.ts';
import { createTimes } from './times.ts';

export interface PageRouterOptions {
  readonly state: () => SiteState;
  /** What stands before all paths; empty for nothing. */
  readonly base: string;
  readonly now: () => number;
}

/** The pages for people. None needs a script, and GET changes nothing. */
export function createPageRouter(options: PageRouterOptions): Router {
  const router = express.Router();
  const page = (
    path: string,
    render: (context: PageContext, request: Request) => string | Promise<string>,
  ): void => {
    router.get(path, async (request, response) => {
      const context = contextOf(request, options);
      sendDocument(request, response, await render(context, request), WEB_LOOK);
    });
  };
  page('/', renderOverview);
  page('/problems', renderProblems);
  page('/nodes', renderNodes);
  page('/checks', renderChecks);
  page('/silences', (context) => renderSilences(context));
  page('/nodes/:cluster/:node', (context, request) => nodePage(context, request, options.state().details));
  page('/checks/:cluster/:node/:check', (context, request) =>
    checkPage(context, request, options.state().details),
  );
  router.get('/check', (request, response) => {
    redirectToCheck(contextOf(request, options), request, response);
  });
  return router;
}

/** What a page is made of, for this request. */
export function contextOf(request: Request, { state, base, now }: PageRouterOptions): PageContext {
  const current = state();
  return { view: viewOf(request, current, now()), base, times: createTimes(current.config.ui.time_zone) };
}

async function nodePage(context: PageContext, { params }: Request, details: Details): Promise<string> {
  const { cluster = '', node: name = '' } = params as Record<string, string>;
  const snapshot = snapshotOf(context.view, cluster);
  const node = snapshot.nodes.get(name);
  const problems = snapshot.problems.filter((problem) => problem.node === name);
  if (node === undefined && problems.length === 0)
    throw new ApiProblem(404, 'not_found', 'No such node is known.');
  const targets = node?.targets ?? problems.slice(0, 1).map(({ labels }) => labels);
  const answers = await Promise.all(targets.map((labels) => details.node(labels)));
  return renderNode(context, { snapshot, name, node, problems, answers });
}

async function checkPage(context: PageContext, request: Request, details: Details): Promise<string> {
  const { cluster = '', node = '', check = '' } = request.params as Record<string, string>;
  const snapshot = snapshotOf(context.view, cluster);
  const problems = snapshot.problems.filter((problem) => problem.node === node && problem.check === check);
  const labels = snapshot.nodes.get(node)?.targets[0] ?? problems[0]?.labels;
  if (labels === undefined) throw new ApiProblem(404, 'not_found', 'No such check is known.');
  const answer = await details.check({ ...labels, [context.view.config.labels.check]: check });
  return renderCheck(context, {
    snapshot,
    node,
    check,
    problems,
    silences: snapshot.silences.filter(
      ({ state, matchers }) =>
        state === 'active' && problems.some((problem) => hitTest(matchers)(problem.labels)),
    ),
    elsewhere: context.view.snapshots
      .flatMap((one) => one.problems)
      .filter((problem) => problem.check === check && problem.node !== node),
    answer,
  });
}

/** The lasting link of mails: to the check where one cluster has it, else to a search; never to nothing. */
function redirectToCheck({ view, base }: PageContext, { query }: Request, response: Response): void {
  const [client = ''] = textsOf(query['client']);
  const [check = ''] = textsOf(query['check']);
  const having = view.snapshots.filter(
    ({ nodes, problems }) => nodes.has(client) || problems.some(({ node }) => node === client),
  );
  const [only] = having;
  const filter = [
    client === '' ? '' : `client=${JSON.stringify(client)}`,
    check === '' ? '' : `check=${JSON.stringify(check)}`,
  ];
  const path = [only?.name ?? '', client, check].map(encodeURIComponent);
  if (having.length !== 1)
    response.redirect(
      302,
      `${base}/problems?${new URLSearchParams({ q: filter.join(' '), state: 'all' }).toString()}`,
    );
  else if (check === '') response.redirect(302, `${base}/nodes/${path.slice(0, 2).join('/')}`);
  else response.redirect(302, `${base}/checks/${path.join('/')}`);
}

function snapshotOf({ allowed }: View, cluster: string): View['snapshots'][number] {
  const found = allowed.find(({ name }) => name === cluster);
  if (found === undefined) throw new ApiProblem(404, 'not_found', 'No such cluster.');
  return found.snapshot;
}
