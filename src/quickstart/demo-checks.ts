/** A check of a demo node, and what it would have printed. */
export interface DemoCheck {
  readonly name: string;
  readonly command: string;
  readonly interval: number;
  readonly playbook?: string;
  /** The one result, or one failing and one good result that take turns. */
  readonly results: readonly DemoResult[];
}

export interface DemoResult {
  readonly status: number;
  readonly output: string;
}

export interface DemoClient {
  readonly client: string;
  readonly address: string;
  readonly subscriptions: readonly string[];
  readonly checks: readonly DemoCheck[];
}

const TURN_SECONDS = 20;

/** Which of its results the check has, so many seconds after the start. */
export function resultAt({ results }: DemoCheck, seconds: number): DemoResult {
  const turn = Math.floor(seconds / TURN_SECONDS);
  const result = results[turn % results.length];
  if (result === undefined) throw new Error('a demo check needs a result');
  return result;
}

export const DEMO_CLIENTS: readonly DemoClient[] = [
  {
    client: 'web-001.example.com',
    address: '10.0.2.100',
    subscriptions: ['production', 'webserver'],
    checks: [
      {
        name: 'check_disk',
        command: '/usr/lib/nagios/plugins/check_disk -w 10% -c 5% -p / -p /var',
        interval: 60,
        playbook: 'https://wiki.example.com/playbooks/disk-full',
        results: [
          {
            status: 2,
            output:
              'DISK CRITICAL - free space: /var 3 GB (3% inode=78%); / 15 GB (31% inode=92%);\n' +
              '/var/log/nginx 61 GB, /var/lib/docker 22 GB, /var/cache/apt 2 GB\n',
          },
        ],
      },
      {
        name: 'check_http',
        command: 'check-http.rb -u http://localhost/status -q \'"healthy":true\'',
        interval: 30,
        results: [{ status: 0, output: 'CheckHttp OK: 200, found "healthy":true in 312 bytes\n' }],
      },
    ],
  },
  {
    client: 'db-001.example.com',
    address: '10.0.3.11',
    subscriptions: ['production', 'database'],
    checks: [
      {
        name: 'check_replication',
        command: 'check-mysql-replication-status.rb -w 60 -c 300',
        interval: 10,
        results: [
          {
            status: 1,
            output:
              'CheckMysqlReplicationStatus WARNING: replication delayed by 94 seconds, ' +
              'Slave_IO_Running: Yes, Slave_SQL_Running: Yes\n',
          },
          { status: 0, output: 'CheckMysqlReplicationStatus OK: slave running: true\n' },
        ],
      },
    ],
  },
];
