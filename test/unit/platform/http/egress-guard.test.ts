import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEgressGuard, type EgressRules } from '../../../../src/platform/http/egress-guard.ts';

const PORT = 9470;

function allowsAddress(rules: Omit<EgressRules, 'ports'>, address: string): boolean {
  return createEgressGuard({ ports: [PORT], ...rules }).allows(address);
}

function allowsHost(rules: Omit<EgressRules, 'ports'>, host: string, port = PORT): boolean {
  return createEgressGuard({ ports: [PORT], ...rules }).refusal(host, port) === undefined;
}

describe('the port', () => {
  it.each([
    ['is listed', PORT, undefined],
    ['is not listed', 22, 'port 22 is not allowed'],
  ])('decides when it %s', (_, port, refusal) => {
    const guard = createEgressGuard({ ports: [PORT, 9471], cidrs: ['10.0.0.0/8'] });

    expect(guard.refusal('10.0.0.1', port)).toBe(refusal);
  });
});

describe('hosts', () => {
  const hosts = ['node.example.com', '*.nodes.example.com', '*.bücher.example'];

  it.each([
    ['the exact name', 'node.example.com', true],
    ['the name in capitals', 'NODE.Example.COM', true],
    ['the name with a trailing dot', 'node.example.com.', true],
    ['a name below the suffix', 'n1.nodes.example.com', true],
    ['a name far below the suffix', 'a.b.nodes.example.com', true],
    ['an international name in punycode', 'n1.xn--bcher-kva.example', true],
    ['the suffix itself', 'nodes.example.com', false],
    ['a name that only ends alike', 'evilnodes.example.com', false],
    ['a name below an exact one', 'x.node.example.com', false],
    ['the name inside a longer one', 'node.example.com.evil.org', false],
    ['no name at all', '', false],
    ['a literal address', '10.0.0.1', false],
    ['a decimal address', '167772161', false],
    ['an address with a zone', 'fe80::1%eth0', false],
  ])('judge %s', (_, host, allowed) => {
    expect(allowsHost({ hosts }, host)).toBe(allowed);
  });

  it('with CIDRs beside them limit names only: a literal address is a matter of the CIDRs', () => {
    const rules = { hosts: ['*.example.com'], cidrs: ['10.0.0.0/8'] };

    expect(allowsHost(rules, '10.1.2.3')).toBe(true);
    expect(allowsHost(rules, '192.168.0.1')).toBe(false);
    expect(allowsHost(rules, 'n1.example.com')).toBe(true);
    expect(allowsHost(rules, 'n1.example.org')).toBe(false);
    expect(allowsAddress(rules, '192.168.0.1')).toBe(false);
  });

  it('left out beside CIDRs let every name go on to the check of its addresses', () => {
    expect(allowsHost({ cidrs: ['10.0.0.0/8'] }, 'whatever.example.org')).toBe(true);
  });
});

describe('without hosts and CIDRs', () => {
  it('nothing is allowed', () => {
    expect(allowsHost({}, 'node.example.com')).toBe(false);
    expect(allowsHost({}, '10.0.0.1')).toBe(false);
    expect(allowsAddress({}, '10.0.0.1')).toBe(false);
  });
});

describe('addresses that names should never lead to', () => {
  const special: [string, string, string][] = [
    ['loopback', '127.0.0.1', '127.0.0.0/8'],
    ['loopback beyond the first', '127.8.9.10', '127.8.0.0/16'],
    ['loopback in IPv6', '::1', '::1/128'],
    ['mapped loopback', '::ffff:127.0.0.1', '127.0.0.1/32'],
    ['compatible loopback', '::7f00:1', '127.0.0.1/32'],
    ['loopback behind NAT64', '64:ff9b::7f00:1', '127.0.0.0/8'],
    ['loopback behind 6to4', '2002:7f00:1::', '127.0.0.0/8'],
    ['link-local', '169.254.1.1', '169.254.0.0/16'],
    ['link-local in IPv6', 'fe80::1', 'fe80::/10'],
    ['the metadata service', '169.254.169.254', '169.254.169.254/32'],
    ['the metadata service in IPv6', 'fd00:ec2::254', 'fd00:ec2::254/128'],
    ["Alibaba's metadata service", '100.100.100.200', '100.100.100.200/32'],
    ['the unspecified address', '0.0.0.0', '0.0.0.0/32'],
    ['the unspecified address in IPv6', '::', '::/128'],
    ['multicast', '224.0.0.1', '224.0.0.0/4'],
    ['multicast in IPv6', 'ff02::1', 'ff00::/8'],
    ['broadcast', '255.255.255.255', '255.255.255.255/32'],
  ];

  it.each(special)('are refused with hosts alone: %s', (_, address) => {
    expect(allowsAddress({ hosts: ['*.example.com'] }, address)).toBe(false);
  });

  it.each(special)('are not opened by a CIDR that merely contains them: %s', (_, address) => {
    expect(allowsAddress({ cidrs: ['0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1'] }, address)).toBe(false);
  });

  it.each(special)('are opened by a CIDR that names them: %s', (_, address, cidr) => {
    expect(allowsAddress({ cidrs: [cidr] }, address)).toBe(true);
  });

  it('are opened no further than that CIDR reaches', () => {
    expect(allowsAddress({ cidrs: ['127.0.0.1/32', '0.0.0.0/0'] }, '127.0.0.2')).toBe(false);
  });

  it.each(['10.0.0.1', '192.168.1.1', 'fd12::1', '8.8.8.8'])(
    'do not include %s, where nodes may live',
    (address) => {
      expect(allowsAddress({ hosts: ['*.example.com'] }, address)).toBe(true);
    },
  );
});

/** All ways to write an IPv4 address that something on the way could understand. */
function notationsOf([a, b, c, d]: readonly [number, number, number, number]): readonly string[] {
  const hex = (...bytes: number[]): string =>
    bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  return [
    `${a}.${b}.${c}.${d}`,
    String(whole),
    `0x${whole.toString(16)}`,
    `0${whole.toString(8)}`,
    `0x${hex(a)}.${b}.0${c.toString(8)}.${d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `::ffff:${a}.${b}.${c}.${d}`,
    `::ffff:${hex(a, b)}:${hex(c, d)}`,
    `0:0:0:0:0:FFFF:${hex(a, b)}:${hex(c, d)}`,
    `64:ff9b::${a}.${b}.${c}.${d}`,
    `2002:${hex(a, b)}:${hex(c, d)}::1`,
  ];
}

const byte = fc.nat(255);
const ipv4 = fc.tuple(byte, byte, byte, byte);

describe('any IPv4 address', () => {
  it('in any notation is allowed exactly if the address lies in the CIDR', () => {
    fc.assert(
      fc.property(ipv4, fc.boolean(), ([a, b, c, d], inside) => {
        const address = [inside ? 10 : a, b, c, d] as const;
        for (const notation of notationsOf(address)) {
          expect([notation, allowsHost({ cidrs: ['10.0.0.0/8'] }, notation)]).toEqual([
            notation,
            address[0] === 10,
          ]);
          expect([notation, allowsAddress({ cidrs: ['10.0.0.0/8'] }, notation)]).toEqual([
            notation,
            address[0] === 10,
          ]);
        }
      }),
    );
  });

  it('as the URL parser writes it is judged like the address itself', () => {
    fc.assert(
      fc.property(ipv4, (bytes) => {
        const [plain = '', ...others] = notationsOf(bytes).slice(0, 7);
        const rules = { cidrs: ['10.0.0.0/8', '127.0.0.0/8', '128.0.0.0/2'] };
        for (const other of others) {
          const { hostname } = new URL(`http://${other}:${PORT}/`);
          expect([other, allowsHost(rules, hostname)]).toEqual([other, allowsHost(rules, plain)]);
        }
      }),
    );
  });
});

describe('any IPv6 address', () => {
  it('is never allowed by an IPv4 catch-all unless it stands for an IPv4 address', () => {
    const groups = fc.array(fc.nat(0xffff), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(groups, (rest) => {
        const address = ['fd12', ...rest.map((group) => group.toString(16))].join(':');
        expect(allowsAddress({ cidrs: ['0.0.0.0/0'] }, address)).toBe(false);
        expect(allowsAddress({ cidrs: ['fd12::/16'] }, address)).toBe(true);
      }),
    );
  });
});

describe('rules that cannot be read', () => {
  it.each([
    ['an address without a prefix', { cidrs: ['10.0.0.1'] }, '"10.0.0.1" is not a CIDR'],
    ['a prefix that is too long', { cidrs: ['10.0.0.0/33'] }, '"10.0.0.0/33" is not a CIDR'],
    [
      'an IPv4 block written as IPv6',
      { cidrs: ['::ffff:10.0.0.0/104'] },
      '"::ffff:10.0.0.0/104" is not a CIDR',
    ],
    ['a star in the middle', { hosts: ['node.*.com'] }, '"node.*.com" is not a host name'],
    ['a lonely star', { hosts: ['*'] }, '"*" is not a host name'],
    ['nothing below the star', { hosts: ['*.'] }, '"*." is not a host name'],
  ])('are named: %s', (_, rules, message) => {
    expect(() => createEgressGuard({ ports: [PORT], ...rules })).toThrow(message);
  });
});
