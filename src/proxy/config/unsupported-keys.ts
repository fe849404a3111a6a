import type { KeyPath } from '../../platform/config/finding.ts';

const AUTHORIZATION = 'is not supported; use authorization';
const CREDENTIALS = 'is not supported; use basic_auth or authorization';
const NO_PROXY =
  'is not supported: the proxy connects directly, so that it can check each address that it connects to';
// It chooses among targets; to relabel alerts in its place drops those that lack the labels of a target.
const NO_TARGET_RELABELLING =
  'is not supported: it chooses and changes targets, not alerts; list the Alertmanagers under static_configs or dns_sd_configs ' +
  'and leave it out. __scheme__ and __alerts_path__ may stand under labels of static_configs';
const NO_ALERT_RELABELLING =
  'is not supported here; leave it in prometheus.yml, under alerting or under the entry that names this proxy';
const OPERATOR_KEYS = ['name', 'namespace', 'port'];
const OPERATOR_ENTRY =
  "is how the Prometheus operator names a service; here it is dns_sd_configs with names: ['_web._tcp.alertmanager-operated.NAMESPACE.svc'] " +
  "or static_configs with targets: ['NAME.NAMESPACE.svc:9093']";
const HTTP_1 = 'is not supported: requests use HTTP/1.1; leave it out';

// Keys that Prometheus has in the same place, so that a block copied from prometheus.yml is answered with more
// than "unknown key".
const SENTENCES: Readonly<Record<string, string>> = {
  alert_relabel_configs: NO_ALERT_RELABELLING,
  alerting: 'is not used here: move its alertmanagers to the top level',
  azuread: CREDENTIALS,
  bearer_token: AUTHORIZATION,
  bearer_token_file: 'is not supported; use authorization with credentials_file',
  client_type: 'is not supported: traces are sent over HTTP; leave it out',
  enable_http2: HTTP_1,
  follow_redirects: 'is not supported: redirects are never followed; leave it out',
  global: 'is not used here; each entry has its own timeout',
  google_iam: CREDENTIALS,
  http_config: "is Thanos' spelling: move its keys one level up, into the entry of the Alertmanagers",
  no_proxy: NO_PROXY,
  oauth2: CREDENTIALS,
  proxy_connect_header: NO_PROXY,
  proxy_from_environment: NO_PROXY,
  proxy_url: NO_PROXY,
  relabel_configs: NO_TARGET_RELABELLING,
  sigv4: CREDENTIALS,
};

/**
 * What to do about a key that Prometheus has here and the proxy has not; undefined if Prometheus has none such.
 * @param block where the key stands
 */
export function unsupportedKey(key: string, block: KeyPath): string | undefined {
  const isEntry = block.length === 2 && block[0] === 'alertmanagers';
  if (isEntry && OPERATOR_KEYS.includes(key)) return OPERATOR_ENTRY;
  if (Object.hasOwn(SENTENCES, key)) return SENTENCES[key];
  if (key.endsWith('_sd_configs')) return 'is not supported; use static_configs or dns_sd_configs';
  if (key.endsWith('_ref')) return `is not supported; use ${key.replace(/_ref$/, '_file')}`;
  return undefined;
}
