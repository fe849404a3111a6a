import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeWith } from '../support/binaries.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts';

describe('quickstart', () => {
  let folder: TempFolder;
  /** Where it puts its temporary files. */
  let temporary: string;
  let command: RunningCommand;

  beforeEach(() => {
    folder = createTempFolder();
    temporary = join(folder.path, 'tmp');
    mkdirSync(temporary);
  });

  afterEach(async () => {
    await command.stop();
    folder.remove();
  });

  function start(env: Record<string, string> = {}): void {
    command = runCommand(['quickstart'], { env: { TMPDIR: temporary, ...env } });
  }

  /** Where neither Prometheus nor Alertmanager is installed, and nothing but what the checks of the quickstart need. */
  function startWithoutPrograms(): void {
    mkdirSync(join(folder.path, 'bin'));
    for (const name of ['sh', 'mkfifo', 'find', 'ls', 'df', 'wc']) {
      const file = ['/bin', '/usr/bin'].map((bin) => join(bin, name)).find((path) => existsSync(path));
      symlinkSync(file ?? name, join(folder.path, 'bin', name));
    }
    start({ PATH: join(folder.path, 'bin'), PROMETHEUS_BIN: '', ALERTMANAGER_BIN: '' });
  }

  /** Reads what it shows of the first alert, and stops it as Ctrl-C does. */
  async function expectShownAndGone(): Promise<void> {
    await command.printed(/check_backup fails all the time/, 40_000);
    await command.printed(
      /FIRING CheckFailed\{check="check_backup".*\n +check_output +CheckBackup CRITICAL: no backup/,
      40_000,
    );
    const children = childrenOf(command.pid);

    command.kill('SIGINT');

    expect(await command.ended()).toBe(0);
    expect(command.stderr).toBe('');
    expect(children.filter(isAlive)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  }

  describeWith(['prometheus', 'alertmanager'], 'with the real programs', () => {
    it('shows the output of a failed check in what Alertmanager returns, and leaves nothing behind', async () => {
      start();
      await command.printed(/What GET/, 40_000);

      expect(command.stdout).toMatch(
        /^starting Alertmanager [\d.]+\S* \.\.\. ok, http:\/\/127\.0\.0\.1:\d+$/m,
      );
      expect(command.stdout).toMatch(/^starting Prometheus [\d.]+\S* \.\.\. ok, http:\/\/127\.0\.0\.1:\d+$/m);
      expect(childrenOf(command.pid).filter(isServer)).toHaveLength(2);
      await expectShownAndGone();
    }, 120_000);
  });

  it('does the same with stand-ins where they are not installed, and says so', async () => {
    startWithoutPrograms();
    await command.printed(/What GET/, 40_000);

    expect(command.stdout).toMatch(/^starting a small stand-in for Alertmanager, which is not installed/m);
    expect(command.stdout).toMatch(/^starting a small stand-in for Prometheus, which is not installed/m);
    await expectShownAndGone();
  }, 120_000);

  it('shows that a check recovers and fails again', async () => {
    startWithoutPrograms();

    await command.printed(
      /FIRING CheckFailed\{check="check_mailq"(.|\n)*RESOLVED CheckFailed\{check="check_mailq"(.|\n)*FIRING CheckFailed\{check="check_mailq"/,
      150_000,
    );
  }, 180_000);

  it('leaves nothing behind when it is stopped while it starts', async () => {
    start();
    await command.printed(/starting three checks/, 20_000);

    command.kill('SIGINT');

    expect(await command.ended()).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('says what a program printed that does not start, and ends with 1', async () => {
    const broken = folder.write('broken/alertmanager', '');
    start({ ALERTMANAGER_BIN: broken });

    expect(await command.ended()).toBe(1);
    expect(command.stderr).toContain(broken);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

/** A check that runs just now is a child too. */
function isServer(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--web.listen-address=');
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
