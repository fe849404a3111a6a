/**
 * Collects the rows of a bench, as bench/report.ts has them. Prints them for people, or with --json as one line for
 * `npm run bench`, which puts them into its table.
 */
export function createReport(argv = process.argv) {
  const rows = [];
  return {
    add: ({ goal = '', ...row }) => rows.push({ goal, ...row }),
    print() {
      if (argv.includes('--json')) {
        console.log(JSON.stringify(rows));
        return;
      }
      for (const { what, goal, measured, isMet } of rows) {
        const verdict = isMet === undefined ? '' : ` (${goal}: ${isMet ? 'yes' : 'no'})`;
        console.log(`${what}: ${measured}${verdict}`);
      }
    },
  };
}
