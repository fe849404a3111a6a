import { pause } from '../platform/time/pause.ts';

/** What is shown of an element of `GET /api/v2/alerts`. */
interface ReturnedAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface WatchOptions {
  readonly alertmanagerUrl: string;
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Prints each alert that Alertmanager returns when it appears, and a line when it is gone. Ends with the signal. */
export async function watchAlerts({ alertmanagerUrl, print, signal }: WatchOptions): Promise<void> {
  let shown = new Map<string, ReturnedAlert>();
  do {
    const alerts = await fetchAlerts(alertmanagerUrl);
    const current = new Map(alerts.map((alert) => [alert.fingerprint, alert]));
    for (const [key, alert] of current) if (!shown.has(key)) print(describeFiring(alert));
    for (const [key, alert] of shown) if (!current.has(key)) print(`${now()} RESOLVED ${titleOf(alert)}\n\n`);
    shown = current;
  } while (await pause(500, signal));
}

async function fetchAlerts(alertmanagerUrl: string): Promise<ReturnedAlert[]> {
  const response = await fetch(`${alertmanagerUrl}/api/v2/alerts`);
  return (await response.json()) as ReturnedAlert[];
}

function describeFiring(alert: ReturnedAlert): string {
  const width = Math.max(...Object.keys(alert.annotations).map((name) => name.length));
  const lines = Object.entries(alert.annotations)
    .sort(outputFirst)
    .flatMap(([name, value]) =>
      value
        .trimEnd()
        .split('\n')
        .map((line, index) => `    ${(index === 0 ? name : '').padEnd(width)}  ${line}`),
    );
  return [`${now()} FIRING ${titleOf(alert)}`, ...lines, '', ''].join('\n');
}

// What the whole thing is about.
function outputFirst([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return Number(b === 'check_output') - Number(a === 'check_output');
}

function now(): string {
  return new Date().toTimeString().slice(0, 8);
}

function titleOf({ labels }: ReturnedAlert): string {
  const { alertname, ...others } = labels;
  const pairs = Object.entries(others).map(([name, value]) => `${name}="${value}"`);
  return `${alertname ?? ''}{${pairs.join(', ')}}`;
}
