import type { IncomingMessage } from 'node:http';
import { isWithin, parseAddress, parseCidr } from '../../platform/http/ip-address.ts';
import { ThrottledLogLine } from '../../platform/log/throttled-log-line.ts';
import type { Logger } from '../../platform/log/log.ts';
import { identityOf } from '../../platform/web/identity.ts';
import { ROLES, type Role } from '../config/access-schema.ts';
import { fitsPattern } from '../config/cross-checks.ts';
import type { WebConfigFile } from '../config/schema.ts';

/** Who asks, and what that person may do. */
export interface Viewer {
  /** Undefined: nobody is logged in. */
  readonly user: string | undefined;
  readonly groups: readonly string[];
  /** The address of the connection. */
  readonly remote: string;
  roleIn(cluster: string): Role;
}

type AccessConfig = Pick<WebConfigFile, 'authentication' | 'authorization'>;

/** Tells who asks. Headers that name a user count only from the proxies that are trusted, judged by the address of the connection. */
export function createAccess(
  { authentication, authorization }: AccessConfig,
  log: Logger,
): (request: IncomingMessage) => Viewer {
  const { header } = authentication;
  const trusted = header?.trusted_proxies.map(parseCidr).filter((cidr) => cidr !== undefined) ?? [];
  const anonymousRole = authorization.anonymous_role ?? (header === undefined ? 'viewer' : 'none');
  const ignored = createIgnoredHeaderLog(log);

  function viewerOf(request: IncomingMessage): Viewer {
    const remote = request.socket.remoteAddress ?? '';
    const { user, groups } = nameOf(request, remote);
    const role = user === undefined ? anonymousRole : authorization.default_role;
    const rules = user === undefined ? [] : authorization.rules.filter((rule) => isMeant(rule, user, groups));
    return {
      user,
      groups,
      remote,
      roleIn: (cluster) => {
        const matching = rules.filter((rule) =>
          rule.clusters.some((pattern) => fitsPattern(pattern, cluster)),
        );
        return highest([role, ...matching.map((rule) => rule.role)]);
      },
    };
  }

  function nameOf(request: IncomingMessage, remote: string): Pick<Viewer, 'user' | 'groups'> {
    const named = header && headerOf(request, header.user);
    if (header !== undefined && named !== undefined) {
      const address = parseAddress(remote);
      if (address !== undefined && trusted.some((cidr) => isWithin(address, cidr))) {
        const groups = header.groups === undefined ? '' : (headerOf(request, header.groups) ?? '');
        return { user: named, groups: groups.split(header.groups_separator).map(trim).filter(Boolean) };
      }
      ignored(remote);
    }
    return { user: identityOf(request), groups: [] };
  }

  return viewerOf;
}

interface Rule {
  readonly users?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
}

function isMeant(rule: Rule, user: string, groups: readonly string[]): boolean {
  return (
    (rule.users ?? []).some((pattern) => fitsPattern(pattern, user)) ||
    (rule.groups ?? []).some((pattern) => groups.some((group) => fitsPattern(pattern, group)))
  );
}

function highest(roles: readonly Role[]): Role {
  return ROLES[Math.max(...roles.map((role) => ROLES.indexOf(role)))] ?? 'none';
}

// A header that came twice is ambiguous, and Node joins it: no user has a comma in the name.
function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  const text = (Array.isArray(value) ? value.join(',') : (value ?? '')).trim();
  // Node reads headers as Latin-1; proxies write UTF-8.
  return text === '' ? undefined : Buffer.from(text, 'latin1').toString();
}

function trim(text: string): string {
  return text.trim();
}

function createIgnoredHeaderLog(log: Logger): (remote: string) => void {
  const line = new ThrottledLogLine<{ readonly remote: string; readonly times: number }>({
    merge: (earlier, { remote }) => ({ remote, times: earlier.times + 1 }),
    say: (seen) => {
      log.warn(seen, 'ignored a header that names a user: the address is not a trusted proxy');
    },
  });
  return (remote) => {
    line.note({ remote, times: 1 });
  };
}
