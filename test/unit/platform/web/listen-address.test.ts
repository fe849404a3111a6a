import { describe, expect, it } from '@jest/globals';
import { formatUrl, parseListenAddress } from '../../../../src/platform/web/listen-address.ts';

describe('parseListenAddress', () => {
  it.each([
    [':9095', { host: undefined, port: 9095 }],
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['localhost:9470', { host: 'localhost', port: 9470 }],
    ['[::1]:9095', { host: '::1', port: 9095 }],
    ['[::]:9095', { host: '::', port: 9095 }],
    ['[fe80::1%eth0]:9095', { host: 'fe80::1%eth0', port: 9095 }],
  ])('reads %s', (text, address) => {
    expect(parseListenAddress(text)).toEqual(address);
  });

  it.each([
    ['a port alone', '9095'],
    ['no port', '127.0.0.1'],
    ['an empty port', '127.0.0.1:'],
    ['a port above 65535', ':65536'],
    ['a service name', ':http'],
    ['a negative port', ':-1'],
    ['IPv6 without brackets', '::1:9095'],
    ['brackets around IPv4', '[127.0.0.1]:9095'],
    ['a URL', 'http://127.0.0.1:9095'],
    ['a space', ' :9095'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseListenAddress(text)).toBeUndefined();
  });
});

describe('formatUrl', () => {
  it('puts brackets around IPv6 only', () => {
    expect(formatUrl('http', '::1', 9095)).toBe('http://[::1]:9095');
    expect(formatUrl('https', '127.0.0.1', 9095)).toBe('https://127.0.0.1:9095');
  });
});
