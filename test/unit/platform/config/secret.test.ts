import { format, inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../../../src/platform/config/secret.ts';

describe('Secret', () => {
  const secret = new Secret('hunter2');

  it('gives its value to who asks for it by name', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it.each([
    ['in a template', `is ${String(secret)}`, 'is <secret>'],
    ['as JSON', JSON.stringify({ password: secret }), '{"password":"<secret>"}'],
    ['inspected', inspect({ password: secret }, { showHidden: true }), '{ password: <secret> }'],
    ['formatted', format('%s %o', secret, secret), '<secret> <secret>'],
  ])('does not show it %s', (_, shown, expected) => {
    expect(shown).toBe(expected);
  });
});
