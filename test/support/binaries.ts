import { describe, it } from '@jest/globals';
import { findBinary, type BinaryName } from '../../src/quickstart/binaries.ts';

type Binaries = Readonly<Record<BinaryName, string>>;

/**
 * A `describe` for tests of real programs. Where one is missing they are skipped, loudly; in CI they fail instead.
 * The programs' files are handed to the body.
 */
export function describeWith(
  names: readonly BinaryName[],
  title: string,
  body: (binaries: Binaries) => void,
): void {
  const found = Object.fromEntries(names.map((name) => [name, findBinary(name, process.env) ?? '']));
  const missing = names.filter((name) => found[name] === '');
  if (missing.length === 0) {
    describe(title, () => {
      body(found as Binaries);
    });
  } else if (process.env['CI'] === 'true') {
    it(`finds ${missing.join(', ')} for: ${title}`, () => {
      throw new Error(`${missing.join(', ')} not installed. ${ADVICE}`);
    });
  } else {
    warn(missing, title);
    describe.skip(title, () => {
      body(found as Binaries);
    });
  }
}

const ADVICE =
  'On Debian and Ubuntu: apt-get install prometheus prometheus-alertmanager prometheus-pushgateway. ' +
  'Elsewhere: set PROMETHEUS_BIN, PROMTOOL_BIN, ALERTMANAGER_BIN, AMTOOL_BIN, PUSHGATEWAY_BIN.';

function warn(missing: readonly string[], title: string): void {
  const bar = '!'.repeat(80);
  process.stderr.write(
    `\n${bar}\nSKIPPED: ${title}\nNot installed: ${missing.join(', ')}\n${ADVICE}\n${bar}\n\n`,
  );
}
