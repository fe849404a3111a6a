import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const DOCUMENT = 'docs/performance.md';
const MARKS = ['<!-- bench:begin -->', '<!-- bench:end -->'] as const;

/** Puts Markdown between the marks of docs/performance.md, formatted as `npm run check` wants it. Throws if a mark is missing. */
export async function writeDocument(text: string): Promise<void> {
  const document = readFileSync(DOCUMENT, 'utf8');
  const [begin, end] = MARKS.map((mark) => placeOf(mark, document));
  const changed = `${document.slice(0, begin)}${MARKS[0]}\n\n${text}\n\n${document.slice(end)}`;
  const options = await resolveConfig(DOCUMENT);
  writeFileSync(DOCUMENT, await format(changed, { ...options, filepath: DOCUMENT }));
}

function placeOf(mark: string, document: string): number {
  const place = document.indexOf(mark);
  if (place === -1) throw new Error(`${DOCUMENT} has no ${mark}`);
  return place;
}
