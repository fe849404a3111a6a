import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../../../src/platform/config/secret.ts';
import { settingsId } from '../../../../src/platform/config/settings-id.ts';

describe('settingsId', () => {
  it('is the same for the same settings', () => {
    const settings = { url: 'http://a', basic_auth: { password: new Secret('hunter2') } };

    expect(settingsId(settings, 1)).toBe(settingsId(copyOf(settings), 1));
  });

  it.each([
    ['a setting', { url: 'http://b' }],
    ['a secret', { basic_auth: { password: new Secret('hunter3') } }],
    ['a secret in a list', { secrets: [new Secret('a')] }],
    ['a setting more', { timeout: 1 }],
  ])('differs by %s', (_, change) => {
    const settings = {
      url: 'http://a',
      basic_auth: { password: new Secret('hunter2') },
      secrets: [new Secret('b')],
    };

    expect(settingsId({ ...settings, ...change })).not.toBe(settingsId(settings));
  });

  it('does not mistake a secret for the mask that it prints', () => {
    expect(settingsId(new Secret('hunter2'))).not.toBe(settingsId('<secret>'));
  });

  it('gives nothing away', () => {
    expect(settingsId(new Secret('hunter2'))).toMatch(/^[\w-]{16}$/);
  });
});

function copyOf(settings: { url: string; basic_auth: { password: Secret } }): object {
  return { url: settings.url, basic_auth: { password: new Secret(settings.basic_auth.password.reveal()) } };
}
