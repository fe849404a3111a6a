import { parse, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

/** Every element of a document as a browser's parser builds it, from the outside in. */
export function elementsOf(document: string): Element[] {
  return parse(document).childNodes.flatMap(withAllBelow);
}

/** What a document is made of, without its text: each element with the names of its attributes. */
export function outlineOf(document: string): string[] {
  return elementsOf(document).map(({ tagName, attrs }) =>
    [tagName, ...attrs.map(({ name }) => name)].join(' '),
  );
}

export function attributeOf({ attrs }: Element, name: string): string | undefined {
  return attrs.find((attribute) => attribute.name === name)?.value;
}

/** The text of an element, as a reader sees it: one space where there is white space. */
export function textOf(node: Node): string {
  const collect = (one: Node): string => {
    if (one.nodeName === '#text') return (one as DefaultTreeAdapterTypes.TextNode).value;
    return 'childNodes' in one ? one.childNodes.map(collect).join('') : '';
  };
  return collect(node).replaceAll(/\s+/g, ' ').trim();
}

/** The text of each cell, row by row, of the table in the section with this id. */
export function tableOf(document: string, id: string): string[][] {
  const section = elementsOf(document).find((element) => attributeOf(element, 'id') === id);
  const rows = elementsBelow(section).filter(({ tagName }) => tagName === 'tr');
  return rows.map((row) =>
    elementsBelow(row)
      .filter(({ tagName }) => tagName === 'td' || tagName === 'th')
      .map(textOf),
  );
}

function elementsBelow(element: Element | undefined): Element[] {
  return element?.childNodes.flatMap(withAllBelow) ?? [];
}

function withAllBelow(node: Node): Element[] {
  return 'tagName' in node ? [node, ...node.childNodes.flatMap(withAllBelow)] : [];
}
