import { firing, resolved } from './alert-builder.ts';
import { allowLoopback, agentSource, sendTo, startProxy, type RunningProxy } from './start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from './stub-alertmanager.ts';
import { startStubSource } from './stub-source.ts';

export interface PageScene {
  readonly proxy: RunningProxy;
  /** The Alertmanagers that are up. */
  readonly alertmanagers: readonly StubAlertmanager[];
  stop(): Promise<void>;
}

/** What check scripts print, hostile text among it. */
const OUTPUTS: Readonly<Record<string, string>> = {
  check_disk: 'DISK CRITICAL: /var 97 % used, 3 GB left',
  check_http: 'HTTP CRITICAL: HTTP/1.1 503 Service Unavailable - 312 bytes in 0.012 second response time',
  check_ntp: 'NTP WARNING: Offset -0.3141 secs',
  check_raid: 'RAID CRITICAL: md0 degraded [U_], 1 of 2 disks active',
  check_hostile: '<script>document.title = "injected"</script><img src=x onerror="document.title = 1">',
};

/** A proxy in the middle of its work: one of three Alertmanagers is down, some nodes do not answer. */
export async function startPageScene(options: Parameters<typeof startProxy>[1] = {}): Promise<PageScene> {
  const node = await startStubSource();
  for (const [check, output] of Object.entries(OUTPUTS)) {
    node.route(`/checks/${check}`, { body: { check: { output } } });
  }
  const slow = await startStubSource({ '/results/switch-7/check_ports': { hang: true } });
  const alertmanagers = [await startStubAlertmanager(), await startStubAlertmanager()];
  const down = await startStubAlertmanager();
  down.answer({ reset: true });
  const proxy = await startProxy(
    {
      alertmanagers: [sendTo(...alertmanagers, down)],
      sources: [
        {
          name: 'sensu-core',
          matchers: ['device=~".+"'],
          url: `http://${slow.address}/results/{device}/{check}`,
          timeout: '200ms',
          annotations: { check_output: 'check.output' },
          basic_auth: { username: 'proxy', password: 'hunter2' },
          allow: allowLoopback(slow.port),
        },
        agentSource({ allow: allowLoopback(node.port) }),
      ],
    },
    options,
  );
  const alive = `127.0.0.1:${node.port}`;
  const dead = [2, 3, 4].map((last) => `127.0.0.${last}:${node.port}`);
  const alert = (client: string, check: string, instance = alive): ReturnType<typeof firing> =>
    firing({ alertname: 'CheckFailed', client, check, instance, job: 'node-agent', severity: 'critical' });
  const first = Object.keys(OUTPUTS).map((check, index) => alert(`web-0${index + 1}.example.com`, check));
  await proxy.post(first);
  await proxy.post([
    ...first,
    ...dead.map((instance, index) => alert(`db-0${index + 1}.example.com`, 'check_disk', instance)),
    ...dead.map((instance, index) => alert(`db-0${index + 1}.example.com`, 'check_raid', instance)),
    alert('web-01.example.com', 'check_unknown'),
    firing({ alertname: 'PortsDown', device: 'switch-7', check: 'check_ports', severity: 'warning' }),
  ]);
  await proxy.post([
    resolved(alert('web-03.example.com', 'check_ntp')),
    firing({ alertname: '<b>"\'><script>alert(1)</script>', check: 'check_disk', instance: alive }),
  ]);
  return {
    proxy,
    alertmanagers,
    stop: async () => {
      // It would wait for its queue: the Alertmanager comes back, and the next batch makes it notice.
      down.answer({});
      await proxy.post([firing({ alertname: 'Last' })]);
      await proxy.stop();
      await Promise.all([node, slow, down, ...alertmanagers].map((stub) => stub.close()));
    },
  };
}
