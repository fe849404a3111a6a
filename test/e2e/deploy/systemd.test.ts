import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTempFolder } from '../../support/temp-folder.ts';

const UNITS = fileURLToPath(new URL('../../../deploy/systemd', import.meta.url));
const RUNNING_CHECKS = ['alertmanager-proxy-runner', 'alertmanager-proxy-node'];
const PARTS = ['alertmanager-proxy', 'alertmanager-proxy-agent', ...RUNNING_CHECKS];

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

  it.each(PARTS)('%s can be reloaded', (part) => {
    expect(readFileSync(`${UNITS}/${part}.service`, 'utf8')).toMatch(/^ExecReload=kill -HUP \$MAINPID$/m);
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

  // systemd's own measure, from 0 (nothing to attack) to 10. What runs checks has no bound: they are to see the node as it is.
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

  it.each(RUNNING_CHECKS)('%s finds the plugins that sensu-client found', (part) => {
    const unit = readFileSync(`${UNITS}/${part}.service`, 'utf8');
    const folders = /^Environment=PATH=(.+)$/m.exec(unit)?.[1]?.split(':');

    // As set_sensu_paths in the start script of Sensu's packages: /opt/sensu/embedded/bin:$PATH:$PLUGINS_DIR:$HANDLERS_DIR
    expect(folders?.[0]).toBe('/opt/sensu/embedded/bin');
    expect(folders?.slice(-2)).toEqual(['/etc/sensu/plugins', '/etc/sensu/handlers']);
    expect(folders).toEqual(expect.arrayContaining(['/usr/bin', '/bin', '/usr/sbin', '/sbin']));
  });

  it.each(RUNNING_CHECKS)('%s lets checks use sudo', (part) => {
    const unit = readFileSync(`${UNITS}/${part}.service`, 'utf8');
    // systemd.exec(5): each of these sets NoNewPrivileges for a service that does not run as root.
    const implied =
      /^(NoNewPrivileges|DynamicUser|SystemCall\w+|Restrict(?!art)\w+|LockPersonality|MemoryDeny\w+|PrivateDevices|Protect(Kernel\w+|Clock|Hostname))=/m;

    expect(unit).not.toMatch(implied);
    expect(unit).toMatch(/^User=sensu$/m);
  });

  it.each(RUNNING_CHECKS)('%s has a folder for its log, and runs without sensu-client beside it', (part) => {
    const unit = readFileSync(`${UNITS}/${part}.service`, 'utf8');

    expect(unit).toMatch(/^ExecStart=.* --log\.file=\/var\/log\/sensu\//m);
    expect(unit).toMatch(/^LogsDirectory=sensu$/m);
    expect(unit).toMatch(/^Conflicts=.*\bsensu-client\.service\b/m);
  });
});
