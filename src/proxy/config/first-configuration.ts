import { isMap, parseDocument, type Document } from 'yaml';
import { readPackageFile } from '../../platform/file/package-files.ts';
import ipaddr from 'ipaddr.js';

export interface FirstSettings {
  /** `http://am-1:9093`, with a path prefix if it has one. */
  readonly alertmanagers: readonly string[];
  /** The networks of the nodes, such as `10.0.0.0/8`. */
  readonly networks: readonly string[];
}

type FirstConfiguration =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** The shipped configuration of the proxy with these Alertmanagers and networks put in; its comments stay. */
export async function firstConfiguration({
  alertmanagers,
  networks,
}: FirstSettings): Promise<FirstConfiguration> {
  const badUrl = alertmanagers.find((url) => !isWebAddress(url));
  if (badUrl !== undefined)
    return { ok: false, problem: `"${badUrl}" is not the URL of an Alertmanager, such as http://am-1:9093` };
  const badNetwork = networks.find((network) => !ipaddr.isValidCIDR(network));
  if (badNetwork !== undefined)
    return { ok: false, problem: `"${badNetwork}" is not a network, such as 10.0.0.0/8` };

  const document = parseDocument(await readPackageFile('config/alertmanager-proxy.yml'));
  document.set('alertmanagers', document.createNode(alertmanagers.map(alertmanagerEntry)));
  allow(document, networks);
  return { ok: true, text: document.toString({ lineWidth: 120 }) };
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function alertmanagerEntry(url: string): object {
  const { protocol, hostname, port, pathname } = new URL(url);
  const scheme = protocol.slice(0, -1);
  const target = `${hostname}:${port === '' ? (scheme === 'https' ? 443 : 80) : port}`;
  return {
    ...(scheme === 'https' && { scheme }),
    ...(pathname !== '/' && { path_prefix: pathname }),
    static_configs: [{ targets: [target] }],
  };
}

// The first source has it; the others repeat it by an alias.
function allow(document: Document, networks: readonly string[]): void {
  const allowed = document.getIn(['sources', 0, 'allow'], true);
  if (!isMap(allowed)) throw new Error('the shipped configuration has no "allow" in its first source');
  allowed.commentBefore = null;
  const cidrs = document.createNode(networks);
  cidrs.flow = true;
  allowed.set('cidrs', cidrs);
}
