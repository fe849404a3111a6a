import { runs } from '../../../support/thorough.ts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseUrlTemplate } from '../../../../src/platform/http/url-template.ts';
import { anyText } from '../../../support/arbitrary-json.ts';

const LABELS = {
  instance: 'web-01:9470',
  node: 'web-01',
  check: 'check_disk',
  v6: '[::1]:9470',
  odd: 'a &b=%?#警',
  surrogate: '\ud83d',
  empty: '',
  slash: 'a/b',
  slashes: '/disk //',
  slashUp: 'a/../b',
  slashUpEnd: 'a/..',
  halfUp: './x',
  v4: '10.0.0.1:9470',
  bareV6: 'fd00::1',
  number: '7',
  zero: '0',
  highPort: 'web-01:65536',
  numbered: 'web-10.1st:9470',
  backslash: 'a\\b',
  credentials: 'user:hunter2@web-01',
  feed: 'a\nb',
  up: '..',
  dot: '.',
  longest: `${'h'.repeat(253)}:9470`,
  host254: `${'h'.repeat(254)}:9470`,
  megabyte: 'h'.repeat(1024 * 1024),
  long: 'あ'.repeat(1000),
};

const NO_HOST = 'the host is no name or address, with or without a port';
const TOO_LONG = 'the URL would be longer than 8 KB';

describe('parseUrlTemplate', () => {
  it.each([
    ['http://{instance}/checks/{check}', 'http://web-01:9470/checks/check_disk'],
    ['http://{instance.host}:4567/{instance.port}', 'http://web-01:4567/9470'],
    [
      'https://api.example.com/{check}?host={instance}',
      'https://api.example.com/check_disk?host=web-01%3A9470',
    ],
    ['http://{node}.example.com/', 'http://web-01.example.com/'],
    ['http://api/a-{check}-z', 'http://api/a-check_disk-z'],
    ['http://{v6}/', 'http://[::1]:9470/'],
    ['http://api/{odd}', 'http://api/a%20%26b%3D%25%3F%23%E8%AD%A6'],
    ['http://api/?q={odd}', 'http://api/?q=a%20%26b%3D%25%3F%23%E8%AD%A6'],
    ['http://{longest}/', `http://${LABELS.longest}/`],
    ['http://{longest.host}/', `http://${'h'.repeat(253)}/`],
    ['http://api/{surrogate}', 'http://api/%EF%BF%BD'],
    ['http://api/{slash}/x', 'http://api/a%2Fb/x'],
    ['http://api/{slashes}', 'http://api/%2Fdisk%20%2F%2F'],
    ['http://{v4}/', 'http://10.0.0.1:9470/'],
    ['http://{v4.host}:{v4.port}/', 'http://10.0.0.1:9470/'],
    ['http://10.0.{number}.2/', 'http://10.0.7.2/'],
    ['http://[{bareV6}]:9470/', 'http://[fd00::1]:9470/'],
    ['http://{numbered}/', 'http://web-10.1st:9470/'],
  ])('%s', (template, expected) => {
    expect(expand(template, LABELS)).toMatchObject({ url: expected });
  });

  it.each([
    ['a label that is missing', 'http://api/{absent}', "the alert has no label 'absent'"],
    ['a label that is empty', 'http://api/{empty}', "the alert has no label 'empty'"],
    ['what only objects have', 'http://api/{constructor}', "the alert has no label 'constructor'"],
    ['no port', 'http://api:{node.port}/', "label 'node' holds no port"],
    ['no host', 'http://{odd.host}/', "label 'odd' holds no host"],
    ['two ports', 'http://{instance}:80/', NO_HOST],
    ['a host of more than 253 characters', 'http://{host254}/', NO_HOST],
    ['a host without end', 'http://{megabyte}/', NO_HOST],
    [
      'a host of more than 253 characters before a port',
      'http://{host254.host}/',
      "label 'host254' holds no host",
    ],
    ['a long path', 'http://api/{megabyte}', TOO_LONG],
    ['a long query', 'http://api/?q={megabyte}', TOO_LONG],
    ['a URL that is long once it is encoded', 'http://api/{long}', TOO_LONG],
    ['a slash in the host', 'http://{slash}/', NO_HOST],
    ['credentials in the host', 'http://{credentials}/', NO_HOST],
    [
      'a backslash in the path',
      'http://api/{backslash}',
      "label 'backslash' holds a character that has no place in a URL",
    ],
    [
      'a line feed in the query',
      'http://api/?q={feed}',
      "label 'feed' holds a character that has no place in a URL",
    ],
    ['a step up', 'http://api/{up}/x', "a path segment would be '..'"],
    ['a step up of two halves', 'http://api/.{dot}/x', "a path segment would be '..'"],
    ['a step up behind a slash', 'http://api/{slashUp}', "a path segment would be '..'"],
    ['a step up at the end', 'http://api/{slashUpEnd}', "a path segment would be '..'"],
    ['a step up of two halves before a slash', 'http://api/.{halfUp}', "a path segment would be '..'"],
    ['a port 0', 'http://{node}:{zero}/', NO_HOST],
    ['a port beyond the last', 'http://{highPort}/', NO_HOST],
    ['a step up that is half encoded', 'http://api/%2E{dot}/x', "a path segment would be '%2E.'"],
  ])('says why there is no URL: %s', (_, template, sentence) => {
    expect(expand(template, LABELS)).toBe(sentence);
  });

  it.each([
    [
      'another scheme',
      'ftp://{instance}/',
      'must be a URL that starts with http:// or https:// and has no fragment',
    ],
    [
      'a scheme from a label',
      '{scheme}://api/',
      'must be a URL that starts with http:// or https:// and has no fragment',
    ],
    ['a fragment', 'http://api/#x', 'must be a URL that starts with http:// or https:// and has no fragment'],
    ['no host', 'http:///x', 'has no host'],
    ['credentials', 'http://user:hunter2@api/', 'must not hold credentials; use basic_auth'],
    ['an open brace', 'http://api/{check', 'has braces that are no {label}, {label.host} or {label.port}'],
    [
      'an unknown field',
      'http://api/{instance.name}',
      'has braces that are no {label}, {label.host} or {label.port}',
    ],
  ])('refuses %s', (_, template, sentence) => {
    expect(() => parseUrlTemplate(template)).toThrow(sentence);
  });

  // Resolvers, URL parsers and people read these differently: some ask another node.
  it.each([
    '127.000.000.010',
    '127.0.0.010',
    '127.0.0.08',
    '0127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '017700000001',
    '0x7f000001',
    '0X7F.0.0.1',
    '0x7f.1',
    '127.0.0.1.',
    '127.0.0.256',
    '127.0.0.0.1',
    'node.127',
    'node.0x',
    'node.010.',
    '[::ffff:127.0.0.010]',
    '[127.0.0.1]',
    '[1::2::3]',
    '[fd00::12345]',
  ])('asks no host that parsers disagree on: %s', (host) => {
    expect(expand('http://{host}:9470/', { host })).toBe(NO_HOST);
    expect(expand('http://{instance}/', { instance: `${host}:9470` })).toBe(NO_HOST);
    expect(expand('http://{instance.host}:80/', { instance: `${host}:9470` })).toBe(
      "label 'instance' holds no host",
    );
  });

  it.each([
    [
      'a shell variable',
      'http://${instance}/c',
      /^can never be a URL: .*; a label is written \{label\}, without a \$$/,
    ],
    ['a template of Go', 'http://$labels.instance/c', /without a \$$/],
    ['a port beyond the last', 'http://{instance.host}:99999/c', /^can never be a URL: its host/],
    ['a port that is a word', 'http://{instance.host}:http/c', /^can never be a URL: its host/],
    ['two colons', 'http://{instance.host}:9470:{instance.port}/c', /^can never be a URL: its host/],
    ['a space in the host', 'http://web 01/c', /^can never be a URL: its host/],
    ['an address with a zero before it', 'http://10.0.0.01/c', /^can never be a URL: its host/],
    ['a number after a name', 'http://{instance.host}.1:80/c', /^can never be a URL: its host/],
    ['a space in the path', 'http://api/a b', /^has a space, a backslash/],
    ['a backslash', 'http://api\\a/b', /^can never be a URL: its host|^has a space/],
    ['a line break', 'http://api/a?b=\nc', /^has a space, a backslash/],
    ['half a percent-encoding', 'http://api/100%/{check}', /^has a % that begins no percent-encoding/],
    ['a percent sign before a label', 'http://api/%{check}', /^has a % that begins no percent-encoding/],
    ['a step up', 'http://api/a/../{check}', /^has a path segment \. or \.\./],
    ['an encoded step', 'http://api/%2e/{check}', /^has a path segment \. or \.\./],
  ])('refuses a template that no label makes a URL: %s', (_, template, sentence) => {
    expect(() => parseUrlTemplate(template)).toThrow(sentence);
  });

  it('names the labels that it needs, each once', () => {
    const { labels } = parseUrlTemplate('http://{instance.host}:{instance.port}/{check}?c={check}');

    expect(labels).toEqual(['instance', 'check']);
  });

  it('lets no value change anything but its own place', () => {
    const template = 'https://api.example.com:8443/a/{one}/b-{two}/c?x={one}&y={two}';
    const values = fc.oneof(
      anyText,
      fc.constantFrom('..', '%2e%2e', '//evil', '@evil', '?a', '#b', '&z=1', ';', '%00'),
    );

    fc.assert(
      fc.property(values, values, (one, two) => {
        const expanded = expand(template, { one, two });
        if (typeof expanded === 'string') return;
        const url = new URL(expanded.url);

        expect(expanded.host).toBe('api.example.com:8443');
        expect([url.protocol, url.host, url.username, url.password, url.hash]).toEqual([
          'https:',
          'api.example.com:8443',
          '',
          '',
          '',
        ]);
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual([
          '',
          'a',
          one.toWellFormed(),
          `b-${two.toWellFormed()}`,
          'c',
        ]);
        expect([...url.searchParams]).toEqual([
          ['x', one.toWellFormed()],
          ['y', two.toWellFormed()],
        ]);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('lets a value that is the host be nothing else, and puts it into no sentence', () => {
    const values = fc.oneof(
      anyText,
      fc.webAuthority({ withUserInfo: true, withPort: true }),
      fc.ipV6(),
      fc.domain(),
    );

    fc.assert(
      fc.property(values, (value) => {
        const expanded = expand('http://{value}/a?b=c', { value });
        if (typeof expanded === 'string') {
          expect(expanded).toBe(value === '' ? "the alert has no label 'value'" : NO_HOST);
          return;
        }
        expect(expanded).toEqual({ url: `http://${value}/a?b=c`, host: value });
        if (!URL.canParse(expanded.url)) return;
        const { username, password, pathname, search, hash } = new URL(expanded.url);
        expect([username, password, pathname, search, hash]).toEqual(['', '', '/a', '?b=c', '']);
      }),
      { numRuns: runs(2000) },
    );
  });
});

function expand(
  template: string,
  labels: Record<string, string>,
): ReturnType<ReturnType<typeof parseUrlTemplate>['expand']> {
  return parseUrlTemplate(template).expand(labels);
}
