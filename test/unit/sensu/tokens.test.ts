import { describe, expect, it } from '@jest/globals';
import { isObject, parseJson, type JsonObject } from '../../../src/sensu/json.ts';
import { substituteTokens } from '../../../src/sensu/tokens.ts';

const client = object(`{"name":"web-001","disk":{"warning":75,"ratio":10.0},"flag":false,"nothing":null,
  "subs":["a","b"],"n":5,"odd":["q\\"\\\\","#{x}","\\u001b\\u0001\\u007f",null,true,1.5,1e20,{"a":1,"b-c":"d"}]}`);

function object(json: string): JsonObject {
  const parsed = parseJson(json);
  if (!parsed.ok || !isObject(parsed.value)) throw new Error(parsed.ok ? 'not an object' : parsed.reason);
  return parsed.value;
}

function substitute(text: string): { command: unknown; unmatched: readonly string[] } {
  const { attributes, unmatched } = substituteTokens(new Map([['command', text]]), client);
  return { command: attributes.get('command'), unmatched };
}

describe('token substitution', () => {
  it.each([
    ['-w :::disk.warning|80::: -c :::disk.crit|90:::', '-w 75 -c 90'],
    [':::missing|:::x', 'x'],
    [':::flag|t:::', 'false'],
    [':::nothing|t:::', 't'],
    [':::subs:::', '["a", "b"]'],
    [':::disk.ratio:::', '10.0'],
    [':::n.of.what:::', '5'],
    [':::a.b|http://x:80/y|z:::', 'http://x:80/y|z'],
    ['no tokens : here ::', 'no tokens : here ::'],
    [':::name::: :::name:::', 'web-001 web-001'],
    [':::odd:::', '["q\\"\\\\", "\\#{x}", "\\e\\u0001\\x7F", nil, true, 1.5, 1.0e+20, {:a=>1, :"b-c"=>"d"}]'],
  ])('makes of %s: %s', (text, command) => {
    expect(substitute(text)).toEqual({ command, unmatched: [] });
  });

  it.each([
    [':::missing:::', ['missing']],
    [':::disk:::', ['disk']],
    ['::: name :::', [' name ']],
    [':::a::: :::b::: :::a:::', ['a', 'b']],
  ])('finds nothing for %s', (text, unmatched) => {
    expect(substitute(text).unmatched).toEqual(unmatched);
  });

  it('reaches strings at any depth, and leaves keys and numbers alone', () => {
    const check = object(
      '{":::name:::":1,"list":[":::n:::",2],"hooks":{"critical":{"command":"ps :::name:::"}}}',
    );

    const { attributes } = substituteTokens(check, client);

    expect(attributes).toEqual(
      object('{":::name:::":1,"list":["5",2],"hooks":{"critical":{"command":"ps web-001"}}}'),
    );
  });
});
