import { InvalidArgumentError, Option } from 'commander';
import { createDecoder } from '../platform/text/charset.ts';

/** `--output.charset`: what the scripts' output may be written in, as a list of WHATWG labels. */
export function createCharsetOption(): Option {
  return new Option(
    '--output.charset <list>',
    "what the scripts' output may be written in, tried in this order",
  )
    .default(['utf-8'], 'utf-8')
    .argParser(parseCharsets);
}

// "utf-8,euc-jp"
function parseCharsets(text: string): string[] {
  const labels = text.split(',').map((label) => label.trim());
  for (const label of labels) {
    try {
      createDecoder([label]);
    } catch {
      throw new InvalidArgumentError(
        `"${label}" is no charset; take names such as utf-8, euc-jp or shift_jis.`,
      );
    }
  }
  return labels;
}
