import type { Mistake } from './file-mistakes.ts';

/** Mistakes under `sources`. */
export const sourceMistakes: readonly Mistake[] = [
  [
    'a source without its required keys',
    'source-without-everything',
    [
      '5: sources[0].name: is required',
      '5: sources[0].url: is required',
      '5: sources[0].annotations: is required',
      '5: sources[0].allow: is required',
    ],
  ],
  [
    'a source name with a space',
    'source-name',
    ['5: sources[0].name: must consist of letters, digits, _ and -, and start with a letter or _'],
  ],
  [
    'two sources with one name',
    'source-names-equal',
    ['9: sources[1].name: is the name of an earlier source; names must differ'],
  ],
  ['an empty matcher', 'matcher', ['9: sources[0].matchers[0]: holds no matcher; leave it out']],
  [
    'matchers that Alertmanager does not read either',
    'matchers',
    [
      '10: sources[0].matchers[0]: must be a matcher such as check=~".+"',
      '11: sources[0].matchers[1]: holds no matcher; leave it out',
      '12: sources[0].matchers[2]: a value must be in quotes as a whole, with \\" for a quote in it: \'check="disk\'',
    ],
  ],
  [
    'a URL that is not HTTP',
    'url-scheme',
    ['6: sources[0].url: must be a URL that starts with http:// or https:// and has no fragment'],
  ],
  ['a URL without a host', 'url-host', ['6: sources[0].url: has no host']],
  [
    'a URL with a brace left open',
    'url-brace',
    ['6: sources[0].url: has braces that are no {label}, {label.host} or {label.port}'],
  ],
  [
    'a URL with a password',
    'url-credentials',
    ['6: sources[0].url: must not hold credentials; use basic_auth'],
  ],
  [
    'a source that writes nothing',
    'no-annotations',
    ['7: sources[0].annotations: must name at least one annotation'],
  ],
  [
    'an annotation name that older Alertmanagers refuse',
    'annotation-name',
    [
      '7: sources[0].annotations["check-output"]: must consist of letters, digits and _, and start with a letter or _',
    ],
  ],
  [
    'the annotation of the reason code',
    'annotation-reserved',
    ['7: sources[0].annotations.check_fetch_error: is reserved for the reason code of a failed fetch'],
  ],
  [
    'a broken JMESPath expression',
    'jmespath',
    [
      '7: sources[0].annotations.check_output: is not a JMESPath expression: Syntax error: invalid token (EOF): ""',
    ],
  ],
  [
    'an unknown JMESPath function',
    'jmespath-function',
    ['7: sources[0].annotations.check_output: has an unknown function: first()'],
  ],
  [
    'an annotation for one state of the alert only',
    'annotation-state',
    [
      '8: sources[0].annotations.check_output: must be a JMESPath expression, or a block with one under firing and one under resolved',
    ],
  ],
  [
    'a broken JMESPath expression for one state',
    'annotation-state-jmespath',
    [
      '9: sources[0].annotations.check_output.resolved: is not a JMESPath expression: Syntax error: invalid token (EOF): ""',
    ],
  ],
  [
    'a batch without its required keys',
    'batch-without-everything',
    [
      '9: sources[0].batch.label: is required',
      '9: sources[0].batch.list: is required',
      '9: sources[0].batch.name: is required',
    ],
  ],
  [
    'a batch whose URL has no place for the names',
    'batch-url',
    ['11: sources[0].batch.url: must hold {check}, the label of the batch'],
  ],
  [
    'a batch that asks without a label of the source',
    'batch-label',
    [
      '11: sources[0].batch.url: must hold {source}, which url holds: alerts that differ in it would get the same output',
    ],
  ],
  [
    'an unknown way with resolved alerts',
    'resolved',
    ['9: sources[0].resolved: must be one of fetch, cached, skip'],
  ],
  ['a boolean in other words', 'overwrite', ['9: sources[0].overwrite: must be true or false']],
  [
    'expressions that RE2 refuses',
    'redact',
    [
      '9: sources[0].redact[0]: is not an RE2 expression: invalid or unsupported Perl syntax',
      '9: sources[0].redact[1]: is not an RE2 expression: missing closing )',
    ],
  ],
  [
    'an unknown character encoding',
    'charset',
    [
      '9: sources[0].charset[0]: is not a known character encoding; use a name such as utf-8, euc-jp, shift_jis or iso-8859-1',
    ],
  ],
  ['a source without an allow-list', 'no-allow', ['5: sources[0].allow: is required']],
  ['an allow-list without ports', 'allow-without-ports', ['8: sources[0].allow.ports: is required']],
  ['an allow-list without hosts', 'allow-every-host', ['8: sources[0].allow: needs hosts or cidrs']],
  [
    'impossible ports',
    'allow-port',
    [
      '8: sources[0].allow.ports[0]: must be at least 1',
      '8: sources[0].allow.ports[1]: must be at most 65535',
    ],
  ],
  [
    'host patterns that are too wide',
    'allow-host-pattern',
    [
      '8: sources[0].allow.hosts[0]: must be a name such as web-1.example.com or *.example.com',
      '8: sources[0].allow.hosts[1]: must be a name such as web-1.example.com or *.example.com',
    ],
  ],
  [
    'an address among the host names',
    'allow-host-address',
    ['8: sources[0].allow.hosts[0]: is an address; addresses stand under cidrs'],
  ],
  [
    'networks in other words',
    'allow-cidr',
    [
      '8: sources[0].allow.cidrs[0]: must be a network such as 10.0.0.0/8 or 2001:db8::/32; a single address is 192.0.2.1/32',
      '8: sources[0].allow.cidrs[1]: must be a network such as 10.0.0.0/8 or 2001:db8::/32; a single address is 192.0.2.1/32',
      '8: sources[0].allow.cidrs[2]: must be a network such as 10.0.0.0/8 or 2001:db8::/32; a single address is 192.0.2.1/32',
      '8: sources[0].allow.cidrs[3]: must be a network such as 10.0.0.0/8 or 2001:db8::/32; a single address is 192.0.2.1/32',
    ],
  ],
  [
    'networks of IPv4 addresses within IPv6, or with a zone',
    'allow-cidr-ipv4-in-ipv6',
    [
      '8: sources[0].allow.cidrs[0]: must be a network such as 2001:db8::/32; a single address ends in /128, and IPv4 within IPv6 is given as IPv4, such as 10.0.0.0/8',
      '8: sources[0].allow.cidrs[1]: must be a network such as 2001:db8::/32; a single address ends in /128, and IPv4 within IPv6 is given as IPv4, such as 10.0.0.0/8',
      '8: sources[0].allow.cidrs[2]: must be a network such as 2001:db8::/32; a single address ends in /128, and IPv4 within IPv6 is given as IPv4, such as 10.0.0.0/8',
      '8: sources[0].allow.cidrs[3]: must be a network such as 2001:db8::/32; a single address ends in /128, and IPv4 within IPv6 is given as IPv4, such as 10.0.0.0/8',
    ],
  ],
  [
    'host names that no resolver could read',
    'allow-host-number',
    [
      '8: sources[0].allow.hosts[0]: must be a name such as web-1.example.com or *.example.com',
      '8: sources[0].allow.hosts[1]: must be a name such as web-1.example.com or *.example.com',
    ],
  ],
];
