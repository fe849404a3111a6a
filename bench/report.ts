/** One line of the table. */
export interface Row {
  readonly what: string;
  /** Empty where there is none. */
  readonly goal: string;
  readonly measured: string;
  /** Undefined where there is no goal. */
  readonly isMet?: boolean;
}

/** The table, in Markdown. */
export function renderTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, goal, measured, isMet }) => {
    const met = isMet === undefined ? '' : isMet ? 'yes' : '**no**';
    return `| ${what} | ${goal} | ${measured} | ${met} |`;
  });
  return ['| scenario | goal | measured | met |', '|---|---|---|---|', ...lines].join('\n');
}
