import { wordsOf } from '../../enrich/note.ts';
import type { FailingNode } from '../../enrich/failing-nodes.ts';
import type { OpenCircuit } from '../../enrich/policy/circuit-breaker.ts';
import { cut, formatAgo, formatCount, formatNumber, formatSpan } from './format.ts';
import { html, type Html } from './html.ts';
import { section, table } from './section.ts';
import type { PageSnapshot, SourceSnapshot } from './snapshot.ts';

const SHOWN = 20;

interface Row extends FailingNode {
  readonly source: string;
  readonly circuit: OpenCircuit | undefined;
}

export function renderNodes({ sources, now }: PageSnapshot): Html {
  const all = sources.flatMap(rowsOf).sort((a, b) => b.failures - a.failures);
  const rows = all.slice(0, SHOWN).map(
    (row) =>
      html`<tr>
        <th scope="row">${cut(row.host, 100)}</th>
        <td>${row.source}</td>
        <td class="number">${formatNumber(row.failures)} <small>of ${formatNumber(row.fetches)}</small></td>
        <td>${formatAgo(row.lastFailedAt, now)}</td>
        <td class="wide"><code>${row.lastReason}</code> ${wordsOf(row.lastReason)}</td>
        <td>${renderCircuit(row, now)}</td>
      </tr> `,
  );
  const columns = ['Node', 'Source', 'Failed fetches', 'Last failed', 'Why', 'Now'];
  return section(
    'nodes',
    'Nodes that fail most',
    html`<p class="note">${summarize(sources, all.length)}</p>`,
    table({ name: 'Nodes that fail most', columns, rows }, 'No fetch has failed within the last hour.'),
  );
}

function rowsOf({ name, failingNodes, openCircuits }: SourceSnapshot): Row[] {
  const circuits = new Map(openCircuits.map((circuit) => [circuit.host, circuit]));
  return failingNodes.map((node) => ({ ...node, source: name, circuit: circuits.get(node.host) }));
}

function summarize(sources: readonly SourceSnapshot[], failing: number): string {
  const leftAlone = sources.reduce((sum, { openCircuits }) => sum + openCircuits.length, 0);
  const shown = failing > SHOWN ? ` The ${SHOWN} worst of ${formatNumber(failing)} are shown.` : '';
  return `Within the last hour.${shown} ${formatCount(leftAlone, 'node')} left alone now, because they did not answer a moment ago.`;
}

function renderCircuit({ circuit }: Row, now: number): Html {
  if (circuit === undefined) return html`<span class="state">asked as usual</span>`;
  return html`<span class="state failed">left alone</span>
    <small>for ${formatSpan(Math.max(1_000, circuit.until - now))}</small>`;
}
