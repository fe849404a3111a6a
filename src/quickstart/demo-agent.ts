import express from 'express';
import type { Logger } from '../platform/log.ts';
import { resultAt, type DemoCheck, type DemoClient } from './demo-checks.ts';
import { listenLocally } from './listen.ts';
import type { Serving } from './steps.ts';

/** Answers as the agent on a node would: `/metrics` for Prometheus, `/checks/{name}` for the proxy. */
export function startDemoAgent(client: DemoClient, log: Logger): Promise<Serving> {
  const start = Date.now();
  const elapsed = (): number => (Date.now() - start) / 1000;
  const app = express();
  app.get('/metrics', (_request, response) => {
    response.type('text/plain').send(metrics(client, elapsed()));
  });
  app.get('/checks/:name', (request, response) => {
    const check = client.checks.find(({ name }) => name === request.params.name);
    if (check === undefined) response.status(404).json({ error: 'unknown check' });
    else response.json(details(client, check, elapsed()));
  });
  return listenLocally(app, log);
}

function metrics({ checks }: DemoClient, seconds: number): string {
  const samples = checks.map(
    (check) => `check_status{check="${check.name}"} ${resultAt(check, seconds).status}\n`,
  );
  return `# TYPE check_status gauge\n${samples.join('')}`;
}

// The JSON of the agent's GET /checks/{name}.
function details({ client, address, subscriptions }: DemoClient, check: DemoCheck, seconds: number): unknown {
  const { name, command, interval, playbook } = check;
  const result = resultAt(check, seconds);
  const executed = Math.floor(Date.now() / 1000);
  return {
    client,
    client_attributes: { address, subscriptions },
    check: {
      name,
      command,
      interval,
      playbook,
      ...result,
      issued: executed,
      executed,
      duration: 0.012,
      history: Array.from({ length: 5 }, () => result.status),
      occurrences: 5,
    },
    exit_code: result.status,
    timed_out: false,
    truncated: false,
    output_bytes: Buffer.byteLength(result.output),
    issued_text: `${new Date(executed * 1000).toISOString().slice(0, 19).replace('T', ' ')} +0000`,
  };
}
