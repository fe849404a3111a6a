import { htmlEscape } from 'escape-goat';

/** Text that is HTML already. Only the tag below makes it: the compiler sees to it that nothing else gets by unescaped. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type Html = Markup;

/** What may stand between the literal parts; undefined leaves nothing. */
export type Content = string | number | Html | undefined | readonly Content[];

/**
 * Writes HTML. What is put in is escaped for text and for attributes in double quotes: use it nowhere else, neither in
 * tag and attribute names nor in styles, and for a link use `link()`.
 */
export function html(literals: TemplateStringsArray, ...contents: readonly Content[]): Html {
  const parts = literals.flatMap((literal, index) => [withoutIndentation(literal), escape(contents[index])]);
  return new Markup(parts.join(''));
}

/** A style sheet, into which nothing can be put. */
export function css(literals: TemplateStringsArray): Html {
  return html(literals);
}

/** A link if the address is one that a click may lead to; else only its text. */
export function link(url: string, text: Content): Html {
  const isWeb = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return isWeb ? html`<a href="${url}">${text}</a>` : html`${text}`;
}

// A third of the page's bytes would be the source's indentation.
function withoutIndentation(literal: string): string {
  return literal.replace(/\n\s+/g, '\n');
}

function escape(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.toString();
  // A lone surrogate is no character; browsers would show the same mark.
  if (typeof content === 'string') return htmlEscape(content.toWellFormed());
  if (typeof content === 'number') return String(content);
  return content.map(escape).join('');
}
