import { describe, expect, it } from '@jest/globals';
import { toSentences, type Fact } from '../../../src/convert-sensu/fact.ts';
import { callCommand } from '../../support/call-command.ts';

const fact = (name: string, rest: Partial<Fact> = {}): Fact => ({
  weight: 'different',
  subject: 'check',
  name,
  text: 'a: b',
  ...rest,
});

describe('toSentences', () => {
  it.each<readonly [string, readonly Fact[], readonly string[]]>([
    ['one name', [fact('a')], ['check "a": a: b']],
    ['two', [fact('a'), fact('b')], ['checks "a", "b": a: b']],
    ['a name once', [fact('a'), fact('a')], ['check "a": a: b']],
    ['six', 'abcdef'.split('').map((name) => fact(name)), ['checks "a", "b", "c", "d", "e", "f": a: b']],
    [
      'the number of the rest',
      'abcdefgh'.split('').map((name) => fact(name)),
      ['checks "a", "b", "c", "d", "e" and 3 others: a: b'],
    ],
    ['each fact', [fact('a'), fact('a', { text: 'c' })], ['check "a": a: b', 'check "a": c']],
    [
      'keys of the settings',
      [
        fact('redis', { subject: 'attribute of settings' }),
        fact('api', { subject: 'attribute of settings' }),
      ],
      ['settings: redis, api: a: b'],
    ],
    [
      'files',
      [fact('a.json', { subject: 'plain' }), fact('b.json', { subject: 'plain' })],
      ['a.json, b.json: a: b'],
    ],
    [
      'what matters first',
      [
        fact('a', { weight: 'needless', text: '3' }),
        fact('a', { text: '2' }),
        fact('a', { weight: 'unheard', text: '1' }),
        fact('b', { text: '2' }),
      ],
      ['check "a": 1', 'checks "a", "b": 2', 'check "a": 3'],
    ],
  ])('says %s', (_, facts, sentences) => {
    expect(toSentences(facts)).toEqual(sentences);
  });
});

describe('convert-sensu', () => {
  it('says once what is true of many checks', async () => {
    const { stderr } = await callCommand([
      'convert-sensu',
      'test/fixtures/sensu/cases/repeated-sentences/conf.d',
    ]);

    expect(stderr.split('\n').slice(0, -1)).toEqual([
      'not converted:',
      '  handler "mail": its command has no counterpart here; give its receiver a destination',
      expect.stringContaining('  handler "default": it is not defined, so alerts on agents that are down'),
      '  checks "c00", "c01", "c02", "c03", "c04" and 35 others: handler "default" is not defined; alerts notify the other handlers only',
    ]);
  });
});
