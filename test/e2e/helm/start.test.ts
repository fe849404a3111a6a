import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { at, only, render, SCENARIOS, type Manifest } from '../../support/chart.ts';
import { runCommand } from '../../support/run-command.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';

const container = (manifests: readonly Manifest[]): unknown =>
  at(only('Deployment', manifests), 'spec.template.spec.containers.0');

describe('the container of the chart', () => {
  let folder: TempFolder;
  beforeEach(() => {
    folder = createTempFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  it('starts with the arguments and the configuration that it gets, and answers its probes', async () => {
    const manifests = render();
    const config = at(only('ConfigMap', manifests), 'data') as Record<string, string>;
    for (const [name, text] of Object.entries(config)) folder.write(name, text);
    const args = (at(container(manifests), 'args') as string[]).map((arg) =>
      arg.replace('/etc/alertmanager-proxy/config', folder.path).replace('=:9095', '=127.0.0.1:0'),
    );
    const proxy = runCommand(args);
    const [, url = ''] = await proxy.printed(/msg="ready to take alerts" url=(\S+)/);
    const answers = ['livenessProbe', 'readinessProbe'].map(async (probe) => {
      const path = at(container(manifests), `${probe}.httpGet.path`) as string;
      return (await fetch(`${url}${path}`)).status;
    });

    expect(await Promise.all(answers)).toEqual([200, 200]);
    expect(await proxy.stop()).toBe(0);
  });

  it('is given only flags that the program has', async () => {
    const help = runCommand(['serve', '--help']);
    await help.ended();
    const given = SCENARIOS.flatMap(([, file]) => {
      const manifests = render(parse(readFileSync(file, 'utf8')) as object);
      return (at(container(manifests), 'args') as string[]).slice(1).map((arg) => arg.replace(/=.*/, ''));
    });

    expect(given).toContain('--web.config.file');
    expect(given.filter((flag) => !help.stdout.includes(`${flag} `))).toEqual([]);
  });
});
