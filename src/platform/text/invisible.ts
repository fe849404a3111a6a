/**
 * Characters that show nothing of their own, but reorder, join or hide what stands around them: Unicode's default ignorable ones
 * (UAX #44), such as marks and overrides of the direction, zero-width spaces and tags, and interlinear annotations.
 * Joiners and the selectors of emoji stay: they shape the letters beside them, as Persian, Hindi and emoji need, and hide nothing.
 */
const INVISIBLE = /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** What terminals and viewers act upon although JSON lets it stand: C1 controls, line breaks of Unicode, and all that is invisible. */
const UNSAFE_IN_JSON =
  /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u007f-\u009f\u2028\u2029]/gu;

/** Removes them; line and paragraph separators become line feeds. */
export function removeInvisible(text: string): string {
  return text.replace(/[\u2028\u2029]/g, '\n').replace(INVISIBLE, '');
}

/** Writes them as JSON's escapes, for a place that understands those or that people read. */
export function escapeInvisible(text: string): string {
  return text.replace(UNSAFE_IN_JSON, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
