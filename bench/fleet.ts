/** An alert of one check of one simulated node. */
export interface FleetAlert {
  readonly node: number;
  readonly check: number;
}

/** The loopback address of a node: 127.10.0.0 and up, so that each node is a host of its own. */
function addressOf(node: number): string {
  return `127.${10 + (node >> 16)}.${(node >> 8) & 255}.${node & 255}`;
}

/** What the check printed: a line, and a table of about half a kilobyte. */
export function outputOf(check: string): string {
  const rows = Array.from(
    { length: 8 },
    (_, row) => `/dev/mapper/vg0${row}-data  98G  9${row}G  ${9 - row}G  9${row}%  /srv/data0${row}`,
  );
  return `${check} CRITICAL: /srv/data00 97% used, 3 GB left\n${rows.join('\n')}\n`;
}

// As long as a real batch is: the labels of a physical machine, a summary and a runbook.
const STATIC_LABELS = {
  cmdb_id: 'CI-0012345',
  datacenter: 'fra1',
  env: 'prod',
  job: 'node-checks',
  kernel: '6.1.0-18-amd64',
  maintenance_window: 'sun 02:00-04:00',
  os: 'debian12',
  owner: 'dba@example.com',
  rack: 'r12-u07',
  region: 'eu-central-1',
  role: 'db-primary',
  service: 'orders-db',
  severity: 'critical',
  team: 'infra-linux',
  tier: 'gold',
};

/** A batch as Prometheus writes it. `endsAt` slides with each re-send; `startsAt` stays. */
export function encodeBatch(
  alerts: readonly FleetAlert[],
  port: number,
  startsAt: number,
  now = Date.now(),
): Buffer {
  const endsAt = new Date(now + 4 * 60_000).toISOString();
  const started = new Date(startsAt).toISOString();
  const body = alerts.map(({ node, check }) => {
    const name = `check_${check}`;
    const instance = `${addressOf(node)}:${port}`;
    return {
      annotations: {
        runbook_url: `https://wiki.example.com/runbooks/${name}?host=${instance}&env=prod`,
        summary: `Check ${name} failed on ${instance} (exit code 2)`,
      },
      endsAt,
      startsAt: started,
      generatorURL: 'https://prometheus.example.com/prom/graph?g0.expr=check_status+%3D%3D+2&g0.tab=1',
      labels: { alertname: 'CheckFailed', check: name, ...STATIC_LABELS, instance },
    };
  });
  return Buffer.from(JSON.stringify(body).replaceAll('&', '\\u0026'));
}

/** One alert of each of so many nodes. */
export function oneCheckOf(nodes: number, firstNode = 0): FleetAlert[] {
  return Array.from({ length: nodes }, (_, index) => ({ node: firstNode + index, check: 0 }));
}

/** So many alerts, `checks` of each node. */
export function checksOf(count: number, checks: number): FleetAlert[] {
  return Array.from({ length: count }, (_, index) => ({
    node: Math.floor(index / checks),
    check: index % checks,
  }));
}

/** Cuts a list into batches of 256, as Prometheus does. */
export function batches(alerts: readonly FleetAlert[], size = 256): FleetAlert[][] {
  return Array.from({ length: Math.ceil(alerts.length / size) }, (_, index) =>
    alerts.slice(index * size, (index + 1) * size),
  );
}

/** The same batch with the output that the proxy would have put into each alert. */
export function addOutputs(body: Buffer): Buffer {
  const alerts = JSON.parse(body.toString()) as {
    annotations: Record<string, string>;
    labels: { check: string };
  }[];
  for (const { annotations, labels } of alerts) annotations['check_output'] = outputOf(labels.check);
  return Buffer.from(JSON.stringify(alerts));
}
