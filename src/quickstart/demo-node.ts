import { chmod, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A node as it looks where Sensu ran: definitions, scripts, and what the scripts look at. */
export interface DemoNode {
  readonly client: string;
  /** Sensu's `conf.d`. */
  readonly configDirectory: string;
  /** What sensu-client would write. */
  readonly logFile: string;
  /** A queue of mails; the check fails when five wait in it. */
  readonly queue: string;
}

const CLIENT = {
  name: 'web-001.example.com',
  address: '10.0.2.100',
  subscriptions: ['production', 'webserver'],
  // Ports of the machine, on which another client may listen.
  socket: { enabled: false },
  http_socket: { enabled: false },
};

const SCRIPTS = {
  'check-backup.sh': `
if [ -n "$(find "$1" -mtime -1)" ]; then
  echo "CheckBackup OK: there is a backup of the last 24 hours"
  exit 0
fi
echo "CheckBackup CRITICAL: no backup in the last 24 hours"
ls -l "$1"
exit 2
`,
  'check-disk.sh': `
df -P "$1" | {
  read -r _
  read -r _ _ _ available percent _
  state=OK status=0
  [ "\${percent%\\%}" -ge 90 ] && state=WARNING status=1
  [ "\${percent%\\%}" -ge 95 ] && state=CRITICAL status=2
  echo "CheckDisk $state: $1 is $percent full, $available KB left"
  exit $status
}
`,
  'check-mailq.sh': `
count=$(ls "$1" | wc -l)
if [ "$count" -lt 5 ]; then
  echo "CheckMailq OK:" $count "mails wait"
  exit 0
fi
echo "CheckMailq WARNING:" $count "mails wait, 4 may"
ls "$1"
exit 1
`,
};

/** Writes the node into an empty folder. */
export async function writeDemoNode(folder: string): Promise<DemoNode> {
  const configDirectory = join(folder, 'conf.d');
  const queue = join(folder, 'queue');
  const backup = join(folder, 'backup.tar');
  await Promise.all([mkdir(configDirectory), mkdir(queue)]);
  await Promise.all(
    Object.entries(SCRIPTS).map(async ([name, script]) => {
      await writeFile(join(folder, name), `#!/bin/sh${script}`);
      await chmod(join(folder, name), 0o755);
    }),
  );
  await writeFile(backup, '');
  const lastWeek = Date.now() / 1000 - 7 * 24 * 3600;
  await utimes(backup, lastWeek, lastWeek);
  const checks = {
    check_backup: {
      ...check(`${join(folder, 'check-backup.sh')} ${backup}`),
      playbook: 'https://wiki.example.com/playbooks/backup',
    },
    check_disk: check(`${join(folder, 'check-disk.sh')} /`),
    check_mailq: check(`${join(folder, 'check-mailq.sh')} ${queue}`),
  };
  await writeFile(join(configDirectory, 'client.json'), JSON.stringify({ client: CLIENT }));
  await writeFile(join(configDirectory, 'checks.json'), JSON.stringify({ checks }));
  return { client: CLIENT.name, configDirectory, logFile: join(folder, 'sensu-client.log'), queue };
}

function check(command: string): object {
  return { command, standalone: true, interval: 1, handlers: ['mailer'] };
}
