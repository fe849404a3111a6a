import { wordsOf } from '../../enrich/failure-annotations.ts';
import type { FailingNode } from '../../activity/failing-nodes.ts';
import type { OpenCircuit } from '../../enrich/policy/circuit-breaker.ts';
import { cut, formatAgo, formatCount, formatNumber, formatSpan } from '../../../page/format.ts';
import { html, type Html } from '../../../page/html.ts';
import { section } from '../../../page/section.ts';
import type { PageSnapshot, SourceSnapshot } from './snapshot.ts';
import { table, type Column } from '../../../page/table.ts';

const SHOWN = 20;

interface Row extends FailingNode {
  readonly source: string;
  readonly circuit: OpenCircuit | undefined;
}

export function renderNodes({ sources, now }: PageSnapshot): Html {
  const all = sources.flatMap(rowsOf).sort((a, b) => b.failures - a.failures);
  const columns: Column<Row>[] = [
    { title: 'Node', kind: 'head', cell: ({ host }) => cut(host, 80) },
    { title: 'Source', cell: ({ source }) => source },
    { title: 'Failed fetches', isUnclear: true, cell: renderFailures },
    { title: 'Last failed', isUnclear: true, cell: ({ lastFailedAt }) => formatAgo(lastFailedAt, now) },
    { title: 'Why', kind: 'wide', cell: renderReason },
    { title: 'Now', cell: (row) => renderNow(row, now) },
  ];
  const name = 'Most failing nodes';
  const sentence = 'No fetch has failed within the last hour.';
  return section(
    'nodes',
    name,
    html`<p class="note">${summarize(sources, all.length)}</p>`,
    table({ name, columns, rows: all.slice(0, SHOWN), sentence }),
  );
}

function renderFailures({ failures, fetches }: Row): Html {
  return html`${formatNumber(failures)} <small>of ${formatNumber(fetches)}</small>`;
}

function renderReason({ lastReason }: Row): Html {
  return html`<code>${lastReason}</code> ${wordsOf(lastReason)}`;
}

function rowsOf({ name, failingNodes, openCircuits }: SourceSnapshot): Row[] {
  const circuits = new Map(openCircuits.map((circuit) => [circuit.host, circuit]));
  return failingNodes.map((node) => ({ ...node, source: name, circuit: circuits.get(node.host) }));
}

function summarize(sources: readonly SourceSnapshot[], failing: number): string {
  const leftAlone = sources.reduce((sum, { openCircuits }) => sum + openCircuits.length, 0);
  const shown = failing > SHOWN ? ` The ${SHOWN} worst of ${formatNumber(failing)} are shown.` : '';
  return `Within the last hour.${shown} ${formatCount(leftAlone, 'node')} backing off now, because they did not answer a moment ago.`;
}

function renderNow({ circuit, failures, fetches, lastReason }: Row, now: number): Html {
  if (circuit !== undefined)
    return html`<span class="state failed">backing off</span>
      <small>for ${formatSpan(Math.max(1_000, circuit.until - now))}</small>`;
  // The egress guard stands before the connection, so that there is none as long as the configuration is this one.
  const isBlocked = lastReason === 'blocked' && failures === fetches;
  return isBlocked
    ? html`<span class="state failed">not allowed</span>`
    : html`<span class="state">queried normally</span>`;
}
