import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { firing } from '../../support/alert-builder.ts';
import { sendTo, startProxy, type RunningProxy } from '../../support/start-proxy.ts';
import { startStubAlertmanager, type StubAlertmanager } from '../../support/stub-alertmanager.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

const NAME = 'alertmanager-proxy.yml';

let folder: TempFolder;
let first: StubAlertmanager;
let second: StubAlertmanager;
let proxy: RunningProxy;

beforeEach(async () => {
  folder = createTempFolder();
  [first, second] = await Promise.all([startStubAlertmanager(), startStubAlertmanager()]);
});

afterEach(async () => {
  await proxy.stop();
  await Promise.all([first.close(), second.close()]);
  folder.remove();
});

const configFor = (stub: StubAlertmanager): string => stringify({ alertmanagers: [sendTo(stub)] });

const logged = (pattern: RegExp): number => proxy.log().match(new RegExp(pattern, 'g'))?.length ?? 0;

async function start(configFile: string): Promise<void> {
  proxy = await startProxy({}, { configFile, autoReloadInterval: 20 });
}

/** Puts content in place as a kubelet does: a new folder, and one link that is replaced. */
function project(version: string, content: string): void {
  mkdirSync(join(folder.path, version));
  writeFileSync(join(folder.path, version, NAME), content);
  symlinkSync(version, join(folder.path, '..data_tmp'));
  renameSync(join(folder.path, '..data_tmp'), join(folder.path, '..data'));
}

describe('--config.auto-reload', () => {
  it('notices that a ConfigMap was replaced', async () => {
    project('..2026_1', configFor(first));
    symlinkSync(join('..data', NAME), join(folder.path, NAME));
    await start(join(folder.path, NAME));
    await proxy.post([firing({ n: '1' })]);

    project('..2026_2', configFor(second));

    await waitFor('the reload', () => logged(/msg="configuration loaded"/) === 2);
    await proxy.post([firing({ n: '2' })]);
    expect([first, second].map(({ posts }) => posts.length)).toEqual([1, 1]);
  });

  it('keeps the old configuration when the file is broken or gone, and says so once', async () => {
    const file = folder.write(NAME, configFor(first));
    await start(file);

    for (const [index, broken] of ['alertmanagers: [', 'unknown_key: 1', undefined].entries()) {
      if (broken === undefined) folder.remove();
      else folder.write(NAME, broken);
      await waitFor('it to be noticed', () => logged(/level=ERROR/) === index + 1);
      expect((await proxy.post([firing({ n: String(index) })])).status).toBe(200);
    }
    folder.write(NAME, configFor(second));

    await waitFor('the reload', () => logged(/msg="configuration loaded"/) === 2);
    expect(logged(/level=ERROR/)).toBe(3);
    expect(first.posts).toHaveLength(3);
  });

  it('does not do again what a reload by hand has done', async () => {
    const file = folder.write(NAME, configFor(first));
    await start(file);
    folder.write(NAME, 'alertmanagers: [');
    expect(await proxy.reload()).toContain(file);

    folder.write(NAME, configFor(second));
    await waitFor('the reload', () => logged(/msg="configuration loaded"/) === 2);

    expect(logged(/level=ERROR/)).toBe(1);
  });
});
