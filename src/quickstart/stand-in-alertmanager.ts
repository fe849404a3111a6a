import { createHash } from 'node:crypto';
import express from 'express';
import type { Logger } from '../platform/log/log.ts';
import { listenLocally } from './listen.ts';
import type { Serving } from './steps.ts';

/** An alert as it is posted; Alertmanager's API calls it `postableAlert`. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/**
 * Takes alerts and gives them back at `GET /api/v2/alerts` as Alertmanager does, so that the quickstart can show
 * something where no Alertmanager is installed. It keeps them in memory, and groups, silences and notifies nothing.
 */
export function startStandInAlertmanager(log: Logger): Promise<Serving> {
  const alerts = new Map<string, PostedAlert & { readonly updatedAt: string }>();
  const app = express();
  app.get('/-/ready', (_request, response) => {
    response.send('OK');
  });
  app.post('/api/v2/alerts', express.json({ limit: '32mb' }), (request, response) => {
    const updatedAt = new Date().toISOString();
    for (const alert of request.body as PostedAlert[])
      alerts.set(fingerprint(alert), { ...alert, updatedAt });
    response.end();
  });
  app.get('/api/v2/alerts', (_request, response) => {
    const firing = [...alerts].filter(([, { endsAt }]) => Date.parse(endsAt) > Date.now());
    response.json(
      firing.map(([key, alert]) => ({
        ...alert,
        fingerprint: key,
        receivers: [{ name: 'nobody' }],
        status: { inhibitedBy: [], silencedBy: [], state: 'active' },
      })),
    );
  });
  return listenLocally(app, log);
}

// Of the shape of Alertmanager's, though not the same number.
function fingerprint({ labels }: PostedAlert): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
