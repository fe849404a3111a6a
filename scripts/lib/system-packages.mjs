import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { run } from './run.mjs';

/** Real programs that tests and the quickstart run: Debian's package, a file of it (on the PATH, or in full), what chooses another. */
export const PROMETHEUS = { package: 'prometheus', command: 'prometheus', variable: 'PROMETHEUS_BIN' };
export const ALERTMANAGER = {
  package: 'prometheus-alertmanager',
  command: 'prometheus-alertmanager',
  variable: 'ALERTMANAGER_BIN',
};

const PUSHGATEWAY = {
  package: 'prometheus-pushgateway',
  command: 'prometheus-pushgateway',
  variable: 'PUSHGATEWAY_BIN',
};

const SYSTEMD = { package: 'systemd', command: 'systemd-analyze' };
const PIP = { package: 'python3-pip', command: 'pip3' };
// Real check scripts, which stand outside of the PATH.
const PLUGINS = {
  package: 'monitoring-plugins-basic',
  command: '/usr/lib/nagios/plugins/check_file_age',
};

/** For what is preloaded into the program to make names hang. */
const COMPILER = { package: 'build-essential', command: 'cc' };

/** For two proxies behind one address. */
const HAPROXY = { package: 'haproxy', command: 'haproxy' };
const KEEPALIVED = { package: 'keepalived', command: 'keepalived' };

/** For the .rpm. */
const RPM = { package: 'rpm', command: 'rpm' };

/** For the page. */
const CHROMIUM = { package: 'chromium', command: 'chromium' };

/** All that `npm test` wants; a suite that needs one more program adds it here. */
export const TEST_PACKAGES = [
  PROMETHEUS,
  ALERTMANAGER,
  PUSHGATEWAY,
  HAPROXY,
  KEEPALIVED,
  RPM,
  SYSTEMD,
  PIP,
  CHROMIUM,
  PLUGINS,
  COMPILER,
];

/**
 * Installs missing packages where it can, as root and with apt-get; else names them. `--no-install` on the command line
 * forbids it. Never fails: whoever needs a program looks for it.
 */
export function ensureSystemPackages(packages, { mayInstall = true } = {}) {
  const missing = packages.filter((one) => !isPresent(one)).map((one) => one.package);
  if (missing.length === 0) return;
  if (!mayInstall || process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    console.log(
      `not installed: ${missing.join(', ')}. On Debian and Ubuntu: sudo apt-get install ${missing.join(' ')}`,
    );
    return;
  }
  console.log(`installing ${missing.join(', ')} with apt-get, as root; --no-install forbids it …`);
  if (!withoutStartingServices(() => installWithApt(missing))) {
    console.log(`apt-get could not install ${missing.join(', ')}; its messages are above`);
  }
}

function installWithApt(packages) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['-qq', 'update'], { env });
  return run('apt-get', ['-qq', '-y', 'install', '--no-install-recommends', ...packages], { env });
}

// Debian starts a service as soon as it is installed, unless this file says that it is forbidden (101).
function withoutStartingServices(install) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return install();
  const ignore = () => {}; // Ctrl-C ends apt-get; we live on to remove the file.
  process.on('SIGINT', ignore);
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return install();
  } finally {
    rmSync(policy);
    process.off('SIGINT', ignore);
  }
}

function isPresent({ command, variable }) {
  return Boolean(process.env[variable]) || isOnPath(command);
}

function isOnPath(command) {
  const folders = isAbsolute(command) ? ['/'] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
