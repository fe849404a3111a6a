import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFilter } from '../../../../../src/proxy/api/page/filter.ts';
import { html, link } from '../../../../../src/page/html.ts';
import { renderPage } from '../../../../../src/proxy/api/page/page.ts';
import { attributeOf, elementsOf, outlineOf } from '../../../../support/html-outline.ts';
import { enrichment, snapshotOf } from '../../../../support/page-snapshot.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '</title><svg onload=alert(1)>',
  '</style><style>*{display:none}</style>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '" style="display:none" x="',
  'javascript:alert(1)',
  '</pre></details></main><form action=//example.com>',
  '<!-- ',
  ']]><![CDATA[',
  '&lt;b&gt; &#60;script&#62;',
  '\u0000\u0008\u001b[31m\u2028\u202e',
  '\ud800',
  '{{7*7}} ${7*7} `',
];

// Every second string is a collage of what breaks out somewhere.
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.array(fc.constantFrom(...HOSTILE, ' ', 'x'), { minLength: 1 }).map((parts) => parts.join('')),
);

function pageWith(text: string): string {
  return renderPage(snapshotOf(text), parseFilter({}));
}

describe('the page', () => {
  // Where a text can be no address, it is no link: the one difference that a text may make.
  const outline = (page: string): string[] => outlineOf(page).filter((element) => element !== 'a href');
  const harmless = outline(pageWith('harmless'));

  it.each(HOSTILE)('is made of the same elements and attributes with %j in every place', (text) => {
    expect(outline(pageWith(text))).toEqual(harmless);
  });

  it('is made of the same elements and attributes whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(outline(pageWith(text))).toEqual(harmless);
      }),
      { numRuns: 150 },
    );
  });

  it('is made of the same elements and attributes whatever is asked for', () => {
    const asked = (text: string): string =>
      renderPage(snapshotOf('harmless'), parseFilter({ q: text, source: text, result: text }));
    const expected = outlineOf(asked('nowhere'));

    fc.assert(
      fc.property(
        hostileText.filter((text) => text.trim() !== ''),
        (text) => {
          expect(outlineOf(asked(text))).toEqual(expected);
        },
      ),
    );
  });

  it('leads nowhere but to itself and to web pages', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const addresses = elementsOf(pageWith(text)).flatMap((element) =>
          ['href', 'src', 'action'].flatMap((name) => attributeOf(element, name) ?? []),
        );
        for (const address of addresses) {
          expect(address).toMatch(/^(http:\/\/|#|\.\/|metrics$|-\/ready$|api\/v1\/enrichments$|data:,$)/);
        }
      }),
    );
  });

  it('shows the text as it is', () => {
    const page = pageWith('<b>bold</b> & "quoted"');

    expect(page).toContain('<samp>&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot;</samp>');
    expect(page).not.toContain('<b>bold');
  });

  it('stays small however long labels and errors are', () => {
    const long = '"'.repeat(5_000);
    const labels = Object.fromEntries(
      ['alertname', 'client', 'check', 'a', 'b', 'c'].map((name) => [name, long]),
    );
    const enrichments = Array.from({ length: 200 }, () =>
      enrichment({ labels, alertname: long, reason: 'http_5xx', detail: long }),
    );

    const page = renderPage({ ...snapshotOf('short'), enrichments }, parseFilter({}));

    expect(page.length).toBeLessThan(750_000);
  });
});

describe('html', () => {
  it('escapes what is put in, in text and in attributes', () => {
    expect(html`<a title="${`"'<>&`}">${'<b>'}</a>`.toString()).toBe(
      '<a title="&quot;&#39;&lt;&gt;&amp;">&lt;b&gt;</a>',
    );
  });

  it('takes HTML that it has made, lists and nothing', () => {
    const items = ['<1>', 2].map((item) => html`<i>${item}</i>`);

    expect(html`<p>${items}${undefined}</p>`.toString()).toBe('<p><i>&lt;1&gt;</i><i>2</i></p>');
  });

  it('does not take objects that only look like its own', () => {
    const forged = { toString: () => '<script>' };

    expect(() => html`${forged as unknown as string}`.toString()).toThrow(TypeError);
  });
});

describe('link', () => {
  it.each([
    ['a web page', 'http://am-0:9093/', '<a href="http://am-0:9093/">x</a>'],
    ['one over TLS', 'https://am-0/a&b', '<a href="https://am-0/a&amp;b">x</a>'],
    ['a script', 'javascript:alert(1)', 'x'],
    ['a script behind a control character', '\u0001javascript:alert(1)', 'x'],
    ['a script in mixed case with a line break', 'jAva\nscript:alert(1)', 'x'],
    ['data', 'data:text/html,<script>alert(1)</script>', 'x'],
    ['a file', 'file:///etc/passwd', 'x'],
    ['no address at all', 'http://', 'x'],
  ])('makes of %s what a click may lead to', (_what, url, expected) => {
    expect(link(url, 'x').toString()).toBe(expected);
  });
});
