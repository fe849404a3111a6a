import type { RefusalReason } from '../../../platform/web/refusal.ts';
import type { RefusalSummary } from '../../activity/recent-refusals.ts';
import type { SenderSummary } from '../../activity/recent-senders.ts';
import { formatAgo, formatNumber } from '../../../page/format.ts';
import { html, type Html } from '../../../page/html.ts';
import { section } from '../../../page/section.ts';
import type { PageSnapshot } from './snapshot.ts';
import { table, type Column } from '../../../page/table.ts';

/** What somebody did who was turned away. */
export const REFUSAL_WORDS: Readonly<Record<RefusalReason, string>> = {
  no_password: 'named no user',
  password: 'wrong user or password',
  too_many_logins: 'too many logins at once',
  rate_limit: 'over the rate limit',
  http_on_tls: 'spoke http:// to the TLS port',
  tls: 'the TLS handshake failed',
  client_certificate: 'no accepted client certificate',
};

/** Who sends alerts, when last, and who was turned away. */
export function renderSenders({ senders, refusals, now }: PageSnapshot): Html {
  const columns: Column<SenderSummary>[] = [
    { title: 'Sender', kind: 'head', cell: ({ address }) => address },
    { title: 'Last batch', isUnclear: true, cell: ({ lastBatchAt }) => formatAgo(lastBatchAt, now) },
    { title: 'Batches', isUnclear: true, cell: ({ batches }) => formatNumber(batches) },
    { title: 'Last answer', isUnclear: true, cell: ({ lastCode }) => html`<code>${lastCode}</code>` },
  ];
  const sentence = 'No batch has come since the start: does Prometheus send to this address?';
  const name = 'Senders';
  return section(
    'senders',
    name,
    table({ name, columns, rows: senders, sentence }),
    refusals.length === 0 ? undefined : renderRefusals(refusals, now),
  );
}

function renderRefusals(refusals: readonly RefusalSummary[], now: number): Html {
  const columns: Column<RefusalSummary>[] = [
    { title: 'Turned away', kind: 'head', cell: ({ address }) => address },
    {
      title: 'Why',
      kind: 'wide',
      cell: ({ reason }) => html`<span class="state failed">${REFUSAL_WORDS[reason]}</span>`,
    },
    { title: 'Requests', isUnclear: true, cell: ({ requests }) => formatNumber(requests) },
    { title: 'Last', isUnclear: true, cell: ({ lastAt }) => formatAgo(lastAt, now) },
  ];
  return table({ name: 'Turned away within the last hour', columns, rows: refusals, sentence: '' });
}
