import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decode, encode, type Answer } from 'dns-packet';
import {
  createDiscovery,
  type Discovery,
  type DnsDiscovery,
} from '../../../../src/platform/http/discovery.ts';
import { createSearchList } from '../../../../src/platform/http/search-list.ts';
import { createTempFolder } from '../../../support/temp-folder.ts';
import { createRecordedLog, type RecordedLog } from '../../../support/recorded-log.ts';
import { waitFor } from '../../../support/wait-for.ts';

type Zone = Record<string, Answer[]>;

const folder = createTempFolder();
afterAll(() => {
  folder.remove();
});

let server: Socket;
let resolver: Resolver;
let zone: Zone;
let isMute: boolean;
let recorded: RecordedLog;
let changes: (readonly string[])[];
let discovery: Discovery | undefined;

/** A DNS server: what the zone does not hold does not exist. */
beforeEach(async () => {
  zone = {};
  isMute = false;
  changes = [];
  recorded = createRecordedLog();
  server = createSocket('udp4', (message, { port, address }) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    if (isMute || question === undefined) return;
    const answers = zone[`${question.type} ${question.name}`];
    // 3 is NXDOMAIN.
    const reply = { type: 'response' as const, id: id ?? 0, questions, answers: answers ?? [] };
    server.send(encode({ ...reply, flags: answers === undefined ? 3 : 0 }), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
});

afterEach(() => {
  discovery?.stop();
  server.close();
});

async function discover(
  dns: DnsDiscovery[],
  staticTargets: string[] = [],
  resolvConf = '',
): Promise<Discovery> {
  discovery = createDiscovery({
    staticTargets,
    dns,
    resolver,
    searchList: createSearchList(folder.write('resolv.conf', resolvConf)),
    log: recorded.log,
    onChange: (targets) => changes.push(targets),
  });
  await discovery.start();
  return discovery;
}

const a = (name: string, data: string): Answer => ({ type: 'A', name, data, ttl: 0 });
const aaaa = (name: string, data: string): Answer => ({ type: 'AAAA', name, data, ttl: 0 });
const srv = (name: string, target: string, port: number): Answer => ({
  type: 'SRV',
  name,
  data: { target, port, priority: 0, weight: 0 },
});
const NAME = 'alertmanager.example';
const HOURLY = 3_600_000;
const byA = { names: [NAME], type: 'A', port: 9093, refreshInterval: HOURLY } as const;

describe('createDiscovery', () => {
  it('knows static targets before it starts, sorted and each once', () => {
    const idle = createDiscovery({
      staticTargets: ['am-1:9093', 'am-0:9093', 'am-1:9093'],
      dns: [],
      log: recorded.log,
      onChange: () => undefined,
    });

    expect(idle.targets()).toEqual(['am-0:9093', 'am-1:9093']);
  });

  it.each<[string, DnsDiscovery['type'], Answer[], string[]]>([
    ['A records', 'A', [a(NAME, '10.0.0.2'), a(NAME, '10.0.0.1')], ['10.0.0.1:9093', '10.0.0.2:9093']],
    ['AAAA records, in brackets', 'AAAA', [aaaa(NAME, 'fd00::1')], ['[fd00::1]:9093']],
    [
      'SRV records, with the port they bring',
      'SRV',
      [srv(NAME, 'am-0.example', 9193)],
      ['am-0.example:9193'],
    ],
  ])('finds %s', async (_, type, answers, targets) => {
    zone[`${type} ${NAME}`] = answers;

    expect((await discover([{ ...byA, type }])).targets()).toEqual(targets);
    expect(changes).toEqual([targets]);
  });

  describe('with search domains', () => {
    const KUBERNETES =
      'nameserver 10.0.0.10\nsearch monitoring.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n';
    const SERVICE = '_web._tcp.alertmanager-operated.monitoring.svc';
    const POD = 'alertmanager-main-0.alertmanager-operated.monitoring.svc.cluster.local';

    it.each([
      ['the last one', SERVICE, KUBERNETES, `${SERVICE}.cluster.local`],
      ['the first one', '_web._tcp.alertmanager-operated', KUBERNETES, `${SERVICE}.cluster.local`],
      ['none, for a name that ends in a dot', 'am.example.', KUBERNETES, 'am.example'],
      ['none, where only the name itself exists', 'am.example', KUBERNETES, 'am.example'],
      ['none before a name with enough dots', 'am.example', 'search example.com\n', 'am.example'],
      ['the domain of an old file', 'am', 'domain example.com\n', 'am.example.com'],
      ['the last line of several', 'am', 'search a.com\nsearch b.com c.com\n', 'am.c.com'],
    ])('finds Alertmanagers under %s', async (_, name, resolvConf, existing) => {
      zone[`SRV ${existing}`] = [srv(existing, POD, 9093)];

      const found = await discover([{ names: [name], type: 'SRV', refreshInterval: HOURLY }], [], resolvConf);

      expect(found.targets()).toEqual([`${POD}:9093`]);
    });

    it('asks for a name with enough dots before its longer forms', async () => {
      zone['A am.example'] = [a('am.example', '10.0.0.1')];
      zone['A am.example.example.com'] = [a('am.example.example.com', '10.0.0.2')];

      const found = await discover([{ ...byA, names: ['am.example'] }], [], 'search example.com\n');

      expect(found.targets()).toEqual(['10.0.0.1:9093']);
    });

    it('looks no further than at the first name that exists, whatever its records', async () => {
      zone['A am.a.com'] = [];
      zone['A am.b.com'] = [a('am.b.com', '10.0.0.2')];

      expect((await discover([{ ...byA, names: ['am'] }], [], 'search a.com b.com\n')).targets()).toEqual([]);
    });
  });

  it('joins what all names and the static targets lead to', async () => {
    zone[`A ${NAME}`] = [a(NAME, '10.0.0.1')];
    zone['A other.example'] = [a('other.example', '10.0.0.1'), a('other.example', '10.0.0.3')];

    const found = await discover([{ ...byA, names: [NAME, 'other.example'] }], ['10.0.0.2:9093']);

    expect(found.targets()).toEqual(['10.0.0.1:9093', '10.0.0.2:9093', '10.0.0.3:9093']);
  });

  it('follows changes, and tells of each once', async () => {
    zone[`A ${NAME}`] = [a(NAME, '10.0.0.1')];
    const found = await discover([{ ...byA, refreshInterval: 20 }]);

    zone[`A ${NAME}`] = [a(NAME, '10.0.0.2')];
    await waitFor('the new target', () => found.targets()[0] === '10.0.0.2:9093');

    expect(changes).toEqual([['10.0.0.1:9093'], ['10.0.0.2:9093']]);
  });

  it.each<[string, () => void]>([
    ['does not exist any more', () => (zone = {})],
    ['leads nowhere', () => (zone[`A ${NAME}`] = [])],
    ['is not answered for', () => (isMute = true)],
  ])('keeps the last targets of a name that %s, and warns once until it is back', async (_, breakDns) => {
    zone[`A ${NAME}`] = [a(NAME, '10.0.0.1')];
    const found = await discover([{ ...byA, refreshInterval: 20 }]);

    breakDns();
    await waitFor('a warning', () => recorded.text().includes('level=WARN'));
    isMute = false;
    zone[`A ${NAME}`] = [a(NAME, '10.0.0.1'), a(NAME, '10.0.0.2')];
    await waitFor('both targets', () => found.targets().length === 2);

    expect(changes).toEqual([['10.0.0.1:9093'], ['10.0.0.1:9093', '10.0.0.2:9093']]);
    expect(recorded.text().match(/level=WARN/g)).toHaveLength(1);
    expect(recorded.text()).toContain(`name=${NAME}`);
    expect(recorded.text()).toContain('found in DNS again');
  });

  it('starts with the static targets while DNS is dead', async () => {
    isMute = true;

    expect((await discover([byA], ['am-0:9093'])).targets()).toEqual(['am-0:9093']);
    expect(changes).toEqual([]);
  });

  it('says nothing more once it is stopped', async () => {
    zone[`A ${NAME}`] = [a(NAME, '10.0.0.1')];
    const starting = discover([byA]);
    discovery?.stop();
    await starting;

    expect(discovery?.targets()).toEqual([]);
    expect(changes).toEqual([]);
  });
});
