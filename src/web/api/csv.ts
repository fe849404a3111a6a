import type { Problem } from '../model/cluster.ts';

const COLUMNS = [
  'cluster',
  'state',
  'status',
  'node',
  'check',
  'device',
  'alertname',
  'since',
  'output',
] as const;

/** Problems as CSV (RFC 4180), for a spreadsheet. */
export function alertsCsv(problems: readonly Problem[]): string {
  const rows = problems.map((problem) => [
    problem.cluster,
    problem.state,
    problem.status,
    problem.node,
    problem.check,
    problem.device,
    problem.alertname,
    problem.since === undefined ? '' : new Date(problem.since).toISOString(),
    problem.excerpt,
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

// A spreadsheet takes a cell that begins like this for a formula.
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
