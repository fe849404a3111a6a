/** An alert on the wire: Alertmanager's `postableAlert`, in the key order in which Prometheus sends it. */
export interface PostedAlert {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly endsAt?: string;
  readonly startsAt?: string;
  readonly generatorURL?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A firing alert as Prometheus would send it now; what is given replaces that part. */
export function firing(labels: Record<string, string>, parts: Partial<PostedAlert> = {}): PostedAlert {
  const now = Date.now();
  return build({
    startsAt: new Date(now - 60_000).toISOString(),
    endsAt: new Date(now + 4 * 60_000).toISOString(),
    ...parts,
    labels,
  });
}

/** The same alert once it has resolved: `endsAt` is when. */
export function resolved(alert: PostedAlert, endsAt = new Date()): PostedAlert {
  return build({ ...alert, endsAt: endsAt.toISOString() });
}

/** A body as Prometheus writes it: no white space, and Go's escapes. */
export function encodeBatch(alerts: readonly PostedAlert[]): Buffer {
  return Buffer.from(JSON.stringify(alerts).replaceAll(/[<>&\u2028\u2029]/g, escapeAsGo));
}

function escapeAsGo(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function build({ annotations, endsAt, startsAt, generatorURL, labels }: PostedAlert): PostedAlert {
  return {
    ...(annotations && { annotations: sorted(annotations) }),
    ...(endsAt !== undefined && { endsAt }),
    ...(startsAt !== undefined && { startsAt }),
    generatorURL:
      generatorURL ?? 'http://prometheus.example.com:9090/graph?g0.expr=check_status+%3E+0&g0.tab=1',
    labels: sorted({ alertname: 'CheckFailed', ...labels }),
  };
}

function sorted(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
