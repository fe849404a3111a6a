const AUTHORIZATION = 'is not supported; use authorization';
const CREDENTIALS = 'is not supported; use basic_auth or authorization';
const NO_PROXY =
  'is not supported: the proxy connects directly, so that it can check each address that it connects to';
const NO_RELABELLING = 'is not supported here; relabel in prometheus.yml, under alert_relabel_configs';
const HTTP_1 = 'is not supported: requests use HTTP/1.1; leave it out';

// Keys that Prometheus has in the same place, so that a block copied from prometheus.yml is answered with more
// than "unknown key".
const SENTENCES: Readonly<Record<string, string>> = {
  alert_relabel_configs: NO_RELABELLING,
  alerting: 'is not used here: move its alertmanagers to the top level',
  azuread: CREDENTIALS,
  bearer_token: AUTHORIZATION,
  bearer_token_file: 'is not supported; use authorization with credentials_file',
  client_type: 'is not supported: traces are sent over HTTP; leave it out',
  enable_http2: HTTP_1,
  follow_redirects: 'is not supported: redirects are never followed; leave it out',
  global: 'is not used here; each entry has its own timeout',
  google_iam: CREDENTIALS,
  no_proxy: NO_PROXY,
  oauth2: CREDENTIALS,
  proxy_connect_header: NO_PROXY,
  proxy_from_environment: NO_PROXY,
  proxy_url: NO_PROXY,
  relabel_configs: NO_RELABELLING,
  sigv4: CREDENTIALS,
};

/** What to do about a key that Prometheus has here and the proxy has not; undefined if Prometheus has none such. */
export function unsupportedKey(key: string): string | undefined {
  if (Object.hasOwn(SENTENCES, key)) return SENTENCES[key];
  if (key.endsWith('_sd_configs')) return 'is not supported; use static_configs or dns_sd_configs';
  if (key.endsWith('_ref')) return `is not supported; use ${key.replace(/_ref$/, '_file')}`;
  return undefined;
}
