import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alertmanagerPage, alertPage } from '../../../src/alertmanager-api/page-links.ts';

describe('alertmanagerPage', () => {
  it.each([
    ['http://am-0:9093/api/v2/alerts', 'http://am-0:9093/'],
    ['https://[2001:db8::1]:9093/monitoring/am/api/v2/alerts', 'https://[2001:db8::1]:9093/monitoring/am/'],
  ])('is where alerts are posted, %s, without the API', (postUrl, expected) => {
    expect(alertmanagerPage(postUrl)).toBe(expected);
  });
});

describe('alertPage', () => {
  const filterOf = (labels: Record<string, string>): string => {
    const url = alertPage('http://am-0:9093/prefix/api/v2/alerts', labels);
    expect(url).toMatch(/^http:\/\/am-0:9093\/prefix\/#\/alerts\?filter=[^"'<>\s{}=&#]*$/);
    return decodeURIComponent(url.slice(url.indexOf('filter=') + 'filter='.length));
  };

  it.each<[string, Record<string, string>, string]>([
    ['the name of the alert first', { a: '1', alertname: 'Disk' }, '{alertname="Disk",a="1"}'],
    ['what a URL is made of', { alertname: 'a&b=c#d?e%f+g' }, '{alertname="a&b=c#d?e%f+g"}'],
    ['quotes, backslashes and line breaks', { alertname: '"\\\n' }, '{alertname="\\"\\\\\\n"}'],
    ['other scripts', { alertname: '磁盘 已满' }, '{alertname="磁盘 已满"}'],
    ['a lone surrogate', { alertname: '\ud800' }, '{alertname="\ufffd"}'],
    ['no empty label', { alertname: 'Disk', empty: '' }, '{alertname="Disk"}'],
    ['no name that older Alertmanagers refuse', { alertname: 'Disk', 'a.b': '1' }, '{alertname="Disk"}'],
    ['no label that is too long', { long: 'x'.repeat(2_000), alertname: 'Disk' }, '{alertname="Disk"}'],
  ])('asks for %s', (_what, labels, expected) => {
    expect(filterOf(labels)).toBe(expected);
  });

  it('is a short address without special characters whatever the labels', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z_]{1,9}$/), fc.string({ unit: 'binary' })),
        (labels) => {
          expect(filterOf(labels).length).toBeLessThan(1_100);
        },
      ),
    );
  });
});
