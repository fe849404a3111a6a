import type { Mistake } from './file-mistakes.ts';

const OF_THE_OPERATOR =
  "is how the Prometheus operator names a service; here it is dns_sd_configs with names: ['_web._tcp.alertmanager-operated.NAMESPACE.svc'] or static_configs with targets: ['NAME.NAMESPACE.svc:9093']";

/** Mistakes under `alertmanagers`, those of the HTTP client among them. */
export const alertmanagerMistakes: readonly Mistake[] = [
  ['no Alertmanagers', 'no-alertmanagers', ['1: alertmanagers: is required']],
  [
    'an empty list of Alertmanagers',
    'empty-alertmanagers',
    ['1: alertmanagers: must have at least one entry'],
  ],
  [
    'an Alertmanager without an address',
    'no-service-discovery',
    ['2: alertmanagers[0]: needs static_configs or dns_sd_configs'],
  ],
  [
    'an empty list of targets',
    'no-targets',
    ['2: alertmanagers[0].static_configs[0].targets: must have at least one entry'],
  ],
  [
    'a target that is a URL with a password',
    'target-url',
    [
      '3: alertmanagers[0].static_configs[0].targets[0]: must be HOST:PORT; scheme, path_prefix and basic_auth have keys of their own',
    ],
  ],
  [
    'a target with an impossible port',
    'target-port',
    [
      '3: alertmanagers[0].static_configs[0].targets[0]: must be HOST:PORT; scheme, path_prefix and basic_auth have keys of their own',
    ],
  ],
  ['a scheme that is not HTTP', 'scheme', ['4: alertmanagers[0].scheme: must be one of http, https']],
  [
    'a path prefix with a query',
    'path-prefix',
    ['4: alertmanagers[0].path_prefix: must be a path, without ? and #'],
  ],
  [
    'the old API of Alertmanager',
    'api-v1',
    ['4: alertmanagers[0].api_version: must be v2: Alertmanager has no other API since 0.27'],
  ],
  [
    'A records without a port',
    'dns-without-port',
    ['3: alertmanagers[0].dns_sd_configs[0]: needs port, because A and AAAA records have none'],
  ],
  [
    'a DNS type without addresses',
    'dns-type',
    ['4: alertmanagers[0].dns_sd_configs[0].type: must be one of SRV, A, AAAA'],
  ],
  [
    'keys that only Prometheus has',
    'copied-from-prometheus',
    [
      '4: alertmanagers[0].follow_redirects: is not supported: redirects are never followed; leave it out',
      '5: alertmanagers[0].enable_http2: is not supported: requests use HTTP/1.1; leave it out',
      '6: alertmanagers[0].proxy_url: is not supported: the proxy connects directly, so that it can check each address that it connects to',
      '7: alertmanagers[0].oauth2: is not supported; use basic_auth or authorization',
      '8: alertmanagers[0].bearer_token: is not supported; use authorization',
      '9: alertmanagers[0].relabel_configs: is not supported: it chooses and changes targets, not alerts; list the Alertmanagers under static_configs or dns_sd_configs and leave it out. __scheme__ and __alerts_path__ may stand under labels of static_configs',
      '10: alertmanagers[0].kubernetes_sd_configs: is not supported; use static_configs or dns_sd_configs',
      '11: alertmanagers[0].basic_auth.password_ref: is not supported; use password_file',
    ],
  ],
  [
    'relabelling of alerts',
    'alert-relabelling',
    [
      '4: alertmanagers[0].alert_relabel_configs: is not supported here; leave it in prometheus.yml, under alerting or under the entry that names this proxy',
    ],
  ],
  [
    'addresses that programs read differently',
    'target-octal',
    ['127.0.0.010:9093', '0x7f.1:9093', '127.1', '2130706433:80', '[::ffff:10.0.0.01]:9093'].map(
      (_, index) =>
        `${index + 4}: alertmanagers[0].static_configs[0].targets[${index}]: is an address that programs read differently; an IPv4 address is four numbers up to 255, without leading zeros`,
    ),
  ],
  [
    'a scheme of a target that is not HTTP',
    'target-scheme',
    ['4: alertmanagers[0].static_configs[0].labels.__scheme__: must be http or https'],
  ],
  [
    'the shape of Thanos',
    'shape-of-thanos',
    [
      "2: alertmanagers[0].http_config: is Thanos' spelling: move its keys one level up, into the entry of the Alertmanagers",
      "3: alertmanagers[0].static_configs[0]: must be a block with targets, such as {targets: ['am:9093']}",
    ],
  ],
  [
    'the shape of the Prometheus resource of the operator',
    'shape-of-operator',
    [
      `2: alertmanagers[0].namespace: ${OF_THE_OPERATOR}`,
      '2: alertmanagers[0]: needs static_configs or dns_sd_configs',
      `3: alertmanagers[0].name: ${OF_THE_OPERATOR}`,
      `4: alertmanagers[0].port: ${OF_THE_OPERATOR}`,
      '5: alertmanagers[0].pathPrefix: is how the Prometheus operator and OpenShift write it; here it is path_prefix',
      '6: alertmanagers[0].bearerTokenFile: is not supported; use authorization with credentials_file',
    ],
  ],
  [
    'the shape of the additional Alertmanagers of the operator',
    'shape-of-operator-secret',
    [
      '1: must be a block of keys; a list of Alertmanagers, such as the additional ones of the Prometheus operator, stands under alertmanagers',
    ],
  ],
  [
    'the shape of OpenShift',
    'shape-of-openshift',
    [
      '2: alertmanagers[0].apiVersion: is how the Prometheus operator and OpenShift write it; here it is api_version',
      '2: alertmanagers[0]: needs static_configs or dns_sd_configs',
      '3: alertmanagers[0].bearerToken: is not supported; use authorization',
      '4: alertmanagers[0].tlsConfig: is how the Prometheus operator and OpenShift write it; here it is tls_config',
      '5: alertmanagers[0].staticConfigs: is how the Prometheus operator and OpenShift write it; here it is static_configs',
    ],
  ],
  [
    'TLS files that hold something else',
    'tls-files',
    [
      '4: alertmanagers[0].tls_config.ca_file: holds no certificate in PEM',
      '6: alertmanagers[1].tls_config.cert_file: holds no certificate in PEM',
    ],
  ],
  [
    'two ways to authenticate',
    'two-authentications',
    ['5: alertmanagers[0].authorization: cannot stand beside basic_auth; keep one of the two'],
  ],
  [
    'a password without a user',
    'basic-auth-without-user',
    ['4: alertmanagers[0].basic_auth: needs username or username_file'],
  ],
  [
    'a password and its file',
    'two-passwords',
    ['4: alertmanagers[0].basic_auth.password_file: cannot stand beside password; keep one of the two'],
  ],
  [
    'a password that YAML takes for a number',
    'password-is-a-number',
    [
      '4: alertmanagers[0].basic_auth.password: must be text; put quotes around it if it looks like something else',
    ],
  ],
  [
    'basic authentication in the wrong place',
    'authorization-basic',
    ['4: alertmanagers[0].authorization.type: must not be Basic; use basic_auth'],
  ],
  [
    'authorization without credentials',
    'authorization-empty',
    ['4: alertmanagers[0].authorization: needs credentials or credentials_file'],
  ],
  [
    'files that do not exist',
    'missing-file',
    [
      '4: alertmanagers[0].authorization.credentials_file: cannot read <folder>/secrets/hunter: no such file',
      '5: alertmanagers[0].http_headers["X-Tenant"].files[0]: cannot read <folder>/tenant: no such file',
    ],
  ],
  [
    'a folder instead of a file',
    'folder-as-file',
    ['4: alertmanagers[0].tls_config.ca_file: cannot read <folder>: not a file'],
  ],
  [
    'a certificate without its key',
    'certificate-without-key',
    ['4: alertmanagers[0].tls_config.cert: needs key or key_file beside it'],
  ],
  [
    'a key without its certificate',
    'key-without-certificate',
    ['4: alertmanagers[0].tls_config.key: needs cert or cert_file beside it'],
  ],
  [
    'a highest TLS version below the lowest',
    'tls-versions',
    ['4: alertmanagers[0].tls_config.max_version: must not be below min_version'],
  ],
  [
    'a TLS version in other words',
    'tls-version',
    ['4: alertmanagers[0].tls_config.min_version: must be one of TLS10, TLS11, TLS12, TLS13'],
  ],
  [
    'a header that the client sets',
    'reserved-header',
    ['4: alertmanagers[0].http_headers.authorization: is a header that the client sets itself'],
  ],
  [
    'a header name with a space',
    'header-name',
    ['4: alertmanagers[0].http_headers["X Tenant"]: is not a valid header name'],
  ],
  [
    'a header value with a line break',
    'header-value',
    ['4: alertmanagers[0].http_headers["X-Tenant"].secrets[0]: has characters that a header cannot carry'],
  ],
  [
    'a header without a value',
    'header-without-value',
    ['4: alertmanagers[0].http_headers["X-Tenant"]: needs values or secrets or files'],
  ],
];
