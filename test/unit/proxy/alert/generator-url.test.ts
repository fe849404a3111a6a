import { describe, expect, it } from '@jest/globals';
import { isRequestUri } from '../../../../src/proxy/alert/generator-url.ts';

// Many more are compared with a real Alertmanager in test/e2e/alertmanager-rules.test.ts.
describe('isRequestUri', () => {
  it.each([
    [
      'a URL as Prometheus writes it',
      'http://prometheus.example.com:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
    ],
    ['a path', '/graph?g0.expr=up'],
    ['an address', 'http://127.0.0.1:9090/'],
    ['an IPv6 address', 'http://[::1]:9090/'],
    ['an IPv6 address with a zone', 'http://[fe80::1%25eth0]/'],
    ['a user', 'http://user:p%40ss@prometheus/'],
    ['Unicode', 'http://größe.example.com/データ'],
    ['a blank in the path', 'http://prometheus/a b'],
    ['a bad escape in the query', 'http://prometheus/?%zz'],
    ['no host', 'http:///graph'],
    ['what is opaque', 'mailto:somebody@example.com'],
    ['an asterisk', '*'],
  ])('takes %s', (_, text) => {
    expect(isRequestUri(text)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['words', 'not a url'],
    ['a relative path', 'graph?g0.expr=up'],
    ['a control character', 'http://prometheus/\n'],
    ['a bad escape in the path', 'http://prometheus/%zz'],
    ['a blank in the host', 'http://prome theus/'],
    ['a blank in the user', 'http://us er@prometheus/'],
    ['a port that is a word', 'http://prometheus:http/'],
    ['a bracket that stays open', 'http://[::1/'],
    ['a name in brackets', 'http://[prometheus]/'],
    ['an escape in the host', 'http://prome%74heus/'],
  ])('does not take %s', (_, text) => {
    expect(isRequestUri(text)).toBe(false);
  });
});
