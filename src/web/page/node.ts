import { formatSpan } from '../../page/format.ts';
import { html, link, type Content, type Html } from '../../page/html.ts';
import { section } from '../../page/section.ts';
import { table, type Column } from '../../page/table.ts';
import { parseUrlTemplate } from '../../platform/http/url-template.ts';
import type { LabelSet } from '../../alertmanager-api/matcher.ts';
import type { DetailsAnswer } from '../details/details.ts';
import type { CheckDetail } from '../details/parse-details.ts';
import { statusOfCode } from '../merge/failing.ts';
import type { ClusterNode, ClusterSnapshot, Problem } from '../model/cluster.ts';
import { checkPath, nodeBadge, renderLayout, statusBadge } from './layout.ts';
import type { PageContext } from './page-context.ts';
import { problemsTable } from './problems.ts';

/** A node, and what its agents said. */
export interface NodePage {
  readonly snapshot: ClusterSnapshot;
  readonly name: string;
  /** Undefined: no Prometheus knows it, but alerts name it. */
  readonly node: ClusterNode | undefined;
  readonly problems: readonly Problem[];
  readonly answers: readonly DetailsAnswer[];
}

/** `/nodes/{cluster}/{node}`: all checks of a node with what they printed, those that are OK too. */
export function renderNode(context: PageContext, page: NodePage): string {
  const { view, base } = context;
  const checks = page.answers.flatMap((answer) => (answer.ok ? answer.checks : [])).toSorted(worstFirst);
  const silence =
    view.viewer.roleIn(page.snapshot.name) === 'operator' ? silenceLink(context, page) : undefined;
  return renderLayout({
    title: page.name,
    at: 'nodes',
    view,
    base,
    main: html`${section('node', page.name, factsOf(page, checks), linksOf(context, page), silence)}
    ${page.problems.length === 0 ? undefined : section('problems', 'Problems', problemsTable(context, page.problems, false))}
    ${section(
      'checks',
      'Checks',
      page.answers.map((answer) => sentenceOn(context, answer)),
      checksTable(context, page, checks),
    )}`,
  });
}

/** How an agent answered, in a sentence. */
export function sentenceOn({ times }: PageContext, answer: DetailsAnswer): Html {
  return answer.ok
    ? html`<p class="note">
        Outputs from the agent, asked at ${times.moment(answer.at)}, in ${formatSpan(answer.took)}.
      </p> `
    : html`<p class="warning">
        The agent gave no outputs: ${answer.detail}. What Prometheus and Alertmanager know is shown.
      </p> `;
}

function factsOf({ node, snapshot }: NodePage, checks: readonly CheckDetail[]): Html {
  if (node === undefined)
    return html`<p class="warning">No Prometheus of ${snapshot.title} knows this node; alerts name it.</p>`;
  const reached = node.reachedBy.length === 0 ? '' : `reached by ${node.reachedBy.join(', ')}`;
  const missed = node.missedBy.length === 0 ? '' : `not reached by ${node.missedBy.join(', ')}`;
  const addresses = node.targets.map((labels) => labels['instance'] ?? '').join(', ');
  const good = checks.filter(({ status }) => status === 0).length;
  const counted = checks.length === 0 ? '' : `${good} of ${checks.length} checks OK`;
  const parts = [reached, missed, addresses, snapshot.title, counted].filter((part) => part !== '');
  return html`<p>${nodeBadge(node.state)} ${parts.join(' · ')}</p>`;
}

function linksOf({ view }: PageContext, { node, name }: NodePage): Html | undefined {
  const labels: LabelSet = { ...node?.targets[0], [view.config.labels.node]: name };
  const links = view.config.ui.links.flatMap(({ title, url }) => {
    const expanded = parseUrlTemplate(url).expand(labels);
    return typeof expanded === 'string' ? [] : [html`${link(expanded.url, title)} `];
  });
  return links.length === 0 ? undefined : html`<p class="pages">${links}</p>`;
}

function silenceLink({ view, base }: PageContext, { snapshot, name }: NodePage): Html {
  const matcher = `${view.config.labels.node}=${JSON.stringify(name)}`;
  const query = new URLSearchParams({ cluster: snapshot.name, filter: matcher });
  return html`<p><a href="${base}/silences/new?${query.toString()}">Silence this node</a></p>`;
}

function checksTable(
  context: PageContext,
  { snapshot, name }: NodePage,
  checks: readonly CheckDetail[],
): Html {
  const { view, base, times } = context;
  const columns: Column<CheckDetail>[] = [
    {
      title: 'Status',
      cell: ({ status }) => (status === undefined ? '–' : statusBadge(statusOfCode(status))),
    },
    {
      title: 'Check',
      kind: 'head',
      cell: ({ name: check, device }) =>
        html`<a href="${checkPath(base, { cluster: snapshot.name, node: name, check, device })}">${check}</a
          >${device === '' ? undefined : html` <small>${device}</small>`}`,
    },
    { title: 'Output', kind: 'wide', cell: outputCell },
    {
      title: 'Ran',
      isUnclear: true,
      cell: ({ executed }) =>
        executed === undefined ? 'never' : html`${times.since(executed, view.now)} ago`,
    },
    {
      title: 'Every',
      isUnclear: true,
      cell: ({ interval }) => (interval === undefined ? '–' : formatSpan(interval * 1000)),
    },
    {
      title: 'Took',
      isUnclear: true,
      cell: ({ duration }) => (duration === undefined ? '–' : formatSpan(duration * 1000)),
    },
  ];
  return table({ name: 'checks', columns, rows: checks, sentence: 'No check is known.' });
}

function outputCell({ output, status }: CheckDetail): Content {
  return status === undefined
    ? html`<span class="none">never ran (defined)</span>`
    : html`<samp dir="auto">${output.trim().slice(0, 2_000)}</samp>`;
}

function worstFirst(one: CheckDetail, other: CheckDetail): number {
  const rank = ({ status }: CheckDetail): number =>
    status === undefined ? 3 : status === 2 ? 0 : status === 0 ? 4 : 2 - Math.min(status, 1);
  return rank(one) - rank(other) || (one.name < other.name ? -1 : 1);
}
