import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { loadWebConfig } from '../../src/platform/web/web-config.ts';
import { callCommand } from './call-command.ts';
import { createAuthority, LOOPBACK } from './certificates.ts';
import { render } from './chart.ts';
import { runTool } from './run-tool.ts';
import type { TempFolder } from './temp-folder.ts';

interface Checking {
  readonly folder: TempFolder;
  readonly promtool: string;
}

/** Resolves to what the program that the file is for says against it; undefined: nothing. */
type Check = (content: string, checking: Checking) => Promise<string | undefined>;

const CHECKS: Readonly<Record<string, Check>> = {
  'alertmanager-proxy.yml': async (content, { folder }) => {
    const { exitCode, stdout, stderr } = await callCommand([
      'check-config',
      folder.write('proxy.yml', content),
    ]);
    return exitCode === 0 ? undefined : stdout + stderr;
  },
  'web-config.yml': async (content, { folder }) => {
    const { cert, key } = await (await createAuthority()).issue(LOOPBACK);
    folder.write('tls.crt', cert);
    folder.write('tls.key', key);
    const loaded = await loadWebConfig(folder.write('web-config.yml', content));
    return loaded.ok ? undefined : loaded.problems.join('\n');
  },
  'prometheus.yml': checkPrometheusConfig,
  // The promtool of a distribution may be older: it knows the same relabelling for all Alertmanagers together.
  'prometheus.yml, since Prometheus 2.51': (content, checking) => {
    const { alerting } = parse(content) as { alerting: { alertmanagers: Record<string, unknown>[] } };
    const relabelling = alerting.alertmanagers.flatMap(({ alert_relabel_configs: configs = [] }) => configs);
    for (const entry of alerting.alertmanagers) delete entry['alert_relabel_configs'];
    const moved = { alerting: { ...alerting, alert_relabel_configs: relabelling } };
    return checkPrometheusConfig(stringify(moved), checking);
  },
  // What the Prometheus operator puts into prometheus.yml under alertmanagers.
  'alertmanagers.yaml in the secret': (content, checking) =>
    checkPrometheusConfig(stringify({ alerting: { alertmanagers: parse(content) as unknown } }), checking),
  'values.yaml': (content) => {
    const kinds = render(parse(content) as object).map(({ kind }) => kind);
    return Promise.resolve(kinds.includes('Deployment') ? undefined : kinds.join(', '));
  },
};

/**
 * Checks a file that a document shows, by the program that it is for; its first line is a comment with its name.
 * Resolves to what is wrong with it, or undefined.
 */
export async function problemOf(content: string, checking: Checking): Promise<string | undefined> {
  const [, name = ''] = /^# (.*)\n/.exec(content) ?? [];
  const check = CHECKS[name];
  return check === undefined
    ? `its first line says none of: ${Object.keys(CHECKS).join('; ')}`
    : check(content, checking);
}

async function checkPrometheusConfig(
  content: string,
  { folder, promtool }: Checking,
): Promise<string | undefined> {
  const rules = 'rules/alertmanager-proxy.yml';
  folder.write(rules, readFileSync(`config/${rules}`));
  const { ok, output } = await runTool(promtool, [
    'check',
    'config',
    folder.write('prometheus.yml', content),
  ]);
  return ok ? undefined : output;
}
