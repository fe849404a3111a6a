import { describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { parse, stringify } from 'yaml';
import { describeWith } from '../../support/binaries.ts';
import { at, CHART, helm, only, render } from '../../support/chart.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

/** What an operator reads after `helm install`. */
function notes(values: object = {}): string {
  const args = ['install', 'test', CHART, '--namespace', 'monitoring', '--dry-run=client', '--values', '-'];
  const { status, stdout, stderr } = helm(args, stringify(values));
  if (status !== 0) throw new Error(stderr);
  return stdout.slice(stdout.indexOf('NOTES:'));
}

const blockFor = (values?: object): string => /^alerting:\n(?: .*\n)+/m.exec(notes(values))?.[0] ?? '';

describe('the notes after an installation', () => {
  it('hold a block for prometheus.yml that leads to the service', () => {
    const { name } = only('Service', render()).metadata;

    expect(parse(blockFor())).toEqual({
      alerting: {
        alertmanagers: [{ scheme: 'http', static_configs: [{ targets: [`${name}.monitoring.svc:9095`] }] }],
      },
    });
  });

  it('follow the port and the scheme', () => {
    const block = blockFor({ service: { port: 80 }, webConfig: { secretName: 'web', scheme: 'https' } });

    expect(block).toContain('scheme: https');
    expect(block).toContain('test-alertmanager-proxy.monitoring.svc:80');
  });

  it.each([
    [
      'the port for alerts',
      { service: { port: 80 } },
      'port-forward service/test-alertmanager-proxy 8095:80\n',
    ],
    [
      'the admin port',
      { admin: { enabled: true } },
      'port-forward service/test-alertmanager-proxy 8095:9096\n',
    ],
  ])('forward %s to look at it', (_which, values, command) => {
    expect(notes(values)).toContain(command);
  });

  it('say who is kept out where a network policy is on', () => {
    const networkPolicy = { enabled: true, prometheus: [{}] };

    expect(notes({ networkPolicy })).toContain('cannot send alerts');
    expect(notes()).not.toContain('cannot send alerts');
  });
});

describeWith(['promtool'], 'the block for prometheus.yml', ({ promtool }) => {
  it('is one that Prometheus accepts', () => {
    const folder = createTempFolder();
    const file = folder.write('prometheus.yml', blockFor());
    const { stdout, stderr } = spawnSync(promtool, ['check', 'config', file], { encoding: 'utf8' });
    folder.remove();

    expect(stdout).toContain('is valid prometheus config file syntax');
    expect(stderr).toBe('');
  });
});

describe('the connection test of `helm test`', () => {
  const pod = only('Pod', render({ admin: { enabled: true } }));
  const command = at(pod, 'spec.containers.0.command') as string[];

  it('is a hook that asks the service, with nothing but the image of the chart', () => {
    const proxy = only('Deployment', render());

    expect(pod.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'test' });
    expect(command[0]).toBe('node');
    expect(command.slice(-2)).toEqual(['test-alertmanager-proxy.default.svc', '9096']);
    expect(at(pod, 'spec.containers.0.image')).toBe(at(proxy, 'spec.template.spec.containers.0.image'));
  });

  it('succeeds where something listens, and fails where nothing does', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const args = [...command.slice(1, -2), '127.0.0.1', String(port)];
    const run = async (): Promise<unknown> => {
      const [code] = (await once(spawn('node', args, { stdio: 'ignore' }), 'exit')) as [number];
      return code;
    };

    expect(await run()).toBe(0);
    server.close();
    await once(server, 'close');
    expect(await run()).toBe(1);
  });
});
