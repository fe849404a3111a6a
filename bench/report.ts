/** One line of the table. */
export interface Row {
  readonly what: string;
  /** Empty where there is none. */
  readonly goal: string;
  readonly measured: string;
  /** Undefined where there is no goal to meet. */
  readonly isMet?: boolean;
}

/** Two figures of one run, one divided by the other: what remains the same when the machine is another. */
export function ratio(figures: {
  readonly what: string;
  readonly part: number;
  readonly whole: number;
  readonly unit: string;
  readonly goal: { readonly atMost: number } | { readonly atLeast: number };
}): Row {
  const { what, part, whole, unit, goal } = figures;
  const value = part / whole;
  const measured = `${value.toFixed(2)} (${part.toFixed(1)} / ${whole.toFixed(1)} ${unit})`;
  return 'atMost' in goal
    ? { what, goal: `≤ ${goal.atMost}`, measured, isMet: value <= goal.atMost }
    : { what, goal: `≥ ${goal.atLeast}`, measured, isMet: value >= goal.atLeast };
}

/** A time that must not be exceeded, in milliseconds. */
export function bound({
  what,
  value,
  atMost,
}: {
  readonly what: string;
  readonly value: number;
  readonly atMost: number;
}): Row {
  return { what, goal: `≤ ${atMost} ms`, measured: milliseconds(value), isMet: value <= atMost };
}

export function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}

/** The table, in Markdown. */
export function renderTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, goal, measured, isMet }) => {
    const met = isMet === undefined ? '' : isMet ? 'yes' : '**no**';
    return `| ${what} | ${goal} | ${measured} | ${met} |`;
  });
  return ['| scenario | goal | measured | met |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
