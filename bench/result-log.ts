import { appendFileSync, renameSync } from 'node:fs';

/** sensu-client's log of the checks of one node, as the agent finds it. */
export interface ResultLog {
  readonly file: string;
  /** Writes so many results, of one check after the other. */
  append(count: number): void;
  /** As logrotate does: the next result goes to a new file. */
  rotate(): void;
}

/** Writes nothing yet. */
export function createResultLog(file: string, checks: number): ResultLog {
  let written = 0;
  return {
    file,
    append: (count) => {
      const lines = Array.from({ length: count }, (_, index) => resultLine(written + index, checks));
      appendFileSync(file, lines.join(''));
      written += count;
    },
    rotate: () => {
      renameSync(file, `${file}.1`);
    },
  };
}

/** The name of one of its checks. */
export function checkName(index: number): string {
  return `check_service_${index}`;
}

function resultLine(number: number, checks: number): string {
  const now = Math.floor(Date.now() / 1000);
  const index = number % checks;
  const check = {
    command: `/usr/lib/nagios/plugins/check_service -H localhost -p ${index} -w 5 -c 10`,
    standalone: true,
    interval: 60,
    handlers: ['mailer', 'slack'],
    playbook: 'https://wiki.example.com/playbooks/service',
    name: checkName(index),
    issued: now,
    executed: now,
    duration: 0.123,
    output: `SERVICE WARNING - ${'answer took 7.1 s, '.repeat(10)}|time=7.1s;5;10\n`,
    status: number % 3,
  };
  const head = {
    timestamp: new Date(now * 1000).toISOString().replace('Z', '000+0000'),
    level: 'info',
    message: 'publishing check result',
  };
  return `${JSON.stringify({ ...head, payload: { client: 'web-001.example.com', check } })}\n`;
}
