// Data flows one way, and imports only point along it. The folders, from the inside out:
//   platform  <-  sensu  <-  runner  <-  agent  <-  cli  <-  command-line  <-  main
//   platform  <-  sensu  <-  convert-sensu  <-  cli
//   platform  <-  proxy/alert  <-  proxy/enrich, proxy/alertmanager  <-  proxy/intake, proxy/metrics
//   proxy/intake  <-  proxy/api  <-  proxy (wiring)
//   proxy/intake, proxy/metrics, proxy/config  <-  proxy/build  <-  proxy (wiring)  <-  explain  <-  cli
const only = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: to },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/main\\.ts$' },
      to: {},
    },
    only('platform-knows-no-part', '^src/platform/', '^src/platform/'),
    only('alert-is-the-innermost', '^src/proxy/alert/', '^src/(platform|proxy/alert)/'),
    only('enrich-knows-alerts-only', '^src/proxy/enrich/', '^src/(platform|proxy/alert|proxy/enrich)/'),
    {
      name: 'sources-know-no-policy',
      comment: 'a source is the innermost: what is put around it is none of its business',
      severity: 'error',
      from: { path: '^src/proxy/enrich/source/' },
      to: { path: '^src/proxy/enrich/policy/' },
    },
    only(
      'alertmanager-knows-alerts-only',
      '^src/proxy/alertmanager/',
      '^src/(platform|proxy/alert|proxy/alertmanager)/',
    ),
    only(
      'config-knows-the-languages-it-checks',
      '^src/proxy/config/',
      '^src/(platform/|proxy/alert/|proxy/config/|proxy/enrich/(annotation-names|url-template)\\.ts)',
    ),
    only(
      'api-is-not-wiring',
      '^src/proxy/api/',
      '^src/(platform|proxy/(api|alert|enrich|alertmanager|intake))/',
    ),
    only(
      'intake-joins-enrichment-and-delivery',
      '^src/proxy/intake/',
      '^src/(platform|proxy/(alert|enrich|alertmanager|intake))/',
    ),
    only(
      'metrics-hear-of-enrichment-and-delivery',
      '^src/proxy/metrics/',
      '^src/(platform|proxy/(enrich|alertmanager|metrics))/',
    ),
    only(
      'build-makes-parts-not-the-proxy',
      '^src/proxy/build/',
      '^src/(platform|proxy/(alert|enrich|alertmanager|intake|config|metrics|build))/',
    ),
    {
      name: 'tracing-is-loaded-when-wanted',
      comment: 'its libraries are large, and most do not trace',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/tracing/tracer\\.ts$' },
      to: { path: '^src/platform/tracing/tracer\\.ts$|^node_modules/@opentelemetry/', dynamic: false },
    },
    only('sensu-format-knows-no-part', '^src/sensu/', '^src/(platform|sensu)/'),
    only('runner-stands-alone', '^src/runner/', '^src/(platform|sensu|runner)/'),
    only('convert-sensu-reads-sensu-only', '^src/convert-sensu/', '^src/(platform|sensu|convert-sensu)/'),
    only('agent-stands-on-the-runner', '^src/agent/', '^src/(platform|sensu|runner|agent)/'),
    only('explain-stands-on-the-proxy', '^src/explain/', '^src/(platform|explain|proxy)/'),
    only('replay-stands-alone', '^src/replay/', '^src/(platform|replay)/'),
    only('quickstart-stands-alone', '^src/quickstart/', '^src/(platform|quickstart)/'),
    only(
      'parts-know-no-command',
      '^src/(?!cli/|(command-line|main)\\.ts)',
      '^src/(?!cli/|(command-line|main)\\.ts)',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
