import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTempFolder } from '../../support/temp-folder.ts';

const UNITS = fileURLToPath(new URL('../../../deploy/systemd', import.meta.url));
const PARTS = ['alertmanager-proxy', 'alertmanager-proxy-agent', 'alertmanager-proxy-runner'];

const analyze = (...args: string[]): ReturnType<typeof spawnSync> => {
  const result = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  if (result.error !== undefined)
    throw new Error('systemd-analyze is missing; on Debian: apt-get install systemd');
  return result;
};

describe('the systemd unit', () => {
  const machine = createTempFolder();

  /** A machine on which the package is installed. */
  beforeAll(() => {
    cpSync('/usr/lib/systemd/system', `${machine.path}/usr/lib/systemd/system`, {
      recursive: true,
      verbatimSymlinks: true,
    });
    cpSync(UNITS, `${machine.path}/etc/systemd/system`, { recursive: true });
    for (const program of ['alertmanager-proxy', 'kill'])
      chmodSync(machine.write(`usr/bin/${program}`, ''), 0o755);
  });
  afterAll(() => {
    machine.remove();
  });

  it.each(PARTS)('%s is one that systemd takes', (part) => {
    const { status, stderr } = analyze('verify', '--man=no', `--root=${machine.path}`, `${part}.service`);

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('would not be taken with a misspelt key', () => {
    const text = readFileSync(`${UNITS}/alertmanager-proxy.service`, 'utf8').replace(
      'PrivateTmp',
      'PrivateTemp',
    );
    machine.write('etc/systemd/system/misspelt.service', text);

    expect(analyze('verify', '--man=no', `--root=${machine.path}`, 'misspelt.service').stderr).toContain(
      "'PrivateTemp'",
    );
  });

  // systemd's own measure, from 0 (nothing to attack) to 10. The runner has no bound: its checks are to see the node as it is.
  it.each(['alertmanager-proxy', 'alertmanager-proxy-agent'])('%s leaves little to attack', (part) => {
    const { status, stdout } = analyze(
      'security',
      '--offline=true',
      '--threshold=15',
      `${UNITS}/${part}.service`,
    );

    expect(stdout).toContain('Overall exposure level');
    expect(status).toBe(0);
  });

  it('of the runner finds the plugins that sensu-client found', () => {
    const unit = readFileSync(`${UNITS}/alertmanager-proxy-runner.service`, 'utf8');
    const folders = /^Environment=PATH=(.+)$/m.exec(unit)?.[1]?.split(':');

    // As set_sensu_paths in the start script of Sensu's packages: /opt/sensu/embedded/bin:$PATH:$PLUGINS_DIR:$HANDLERS_DIR
    expect(folders?.[0]).toBe('/opt/sensu/embedded/bin');
    expect(folders?.slice(-2)).toEqual(['/etc/sensu/plugins', '/etc/sensu/handlers']);
    expect(folders).toEqual(expect.arrayContaining(['/usr/bin', '/bin', '/usr/sbin', '/sbin']));
  });

  it('of the runner lets checks use sudo', () => {
    const unit = readFileSync(`${UNITS}/alertmanager-proxy-runner.service`, 'utf8');
    // systemd.exec(5): each of these sets NoNewPrivileges for a service that does not run as root.
    const implied =
      /^(NoNewPrivileges|DynamicUser|SystemCall\w+|Restrict(?!art)\w+|LockPersonality|MemoryDeny\w+|PrivateDevices|Protect(Kernel\w+|Clock|Hostname))=/m;

    expect(unit).not.toMatch(implied);
    expect(unit).toMatch(/^User=sensu$/m);
  });
});
