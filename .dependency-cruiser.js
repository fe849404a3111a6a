// Data flows one way, and imports only point along it. The folders, from the inside out:
//   platform  <-  page, alertmanager-api, sensu  <-  checks  <-  push, runner  <-  agent
//   platform  <-  proxy/alert  <-  proxy/enrich, proxy/alertmanager  <-  proxy/intake  <-  proxy/activity
//   proxy/activity  <-  proxy/metrics, proxy/api  <-  proxy/wiring  <-  proxy/app  <-  explain
//   every part  <-  cli  <-  command-line  <-  main
// A part talks to another part over HTTP only.
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
    only('page-stands-on-the-platform', '^src/page/', '^src/(platform|page)/'),
    only(
      'alertmanager-api-stands-on-the-platform',
      '^src/alertmanager-api/',
      '^src/(platform|alertmanager-api)/',
    ),
    only('proxy-knows-no-other-part', '^src/proxy/', '^src/(platform|page|alertmanager-api|proxy)/'),
    only('alert-is-the-innermost', '^src/proxy/alert/', '^src/(platform|proxy/alert)/'),
    only(
      'enrich-knows-alerts-only',
      '^src/proxy/enrich/',
      '^src/(platform|alertmanager-api|proxy/alert|proxy/enrich)/',
    ),
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
      '^src/(platform/|alertmanager-api/|proxy/config/|proxy/enrich/annotation-names\\.ts)',
    ),
    only(
      'intake-joins-enrichment-and-delivery',
      '^src/proxy/intake/',
      '^src/(platform|proxy/(alert|enrich|alertmanager|intake))/',
    ),
    only(
      'activity-only-watches',
      '^src/proxy/activity/',
      '^src/(platform|proxy/(alert|enrich|alertmanager|intake|activity))/',
    ),
    only(
      'api-is-not-wiring',
      '^src/proxy/api/',
      '^src/(platform|page|alertmanager-api|proxy/(api|alert|enrich|alertmanager|intake|activity))/',
    ),
    only(
      'metrics-hear-of-enrichment-and-delivery',
      '^src/proxy/metrics/',
      '^src/(platform|proxy/(enrich|alertmanager|intake|activity|metrics))/',
    ),
    only(
      'wiring-is-not-the-app',
      '^src/proxy/wiring/',
      '^src/(platform|alertmanager-api|proxy/(alert|enrich|alertmanager|intake|activity|config|metrics|api|wiring))/',
    ),
    {
      name: 'tracing-is-loaded-when-wanted',
      comment: 'its libraries are large, and most do not trace',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/tracing/tracer\\.ts$' },
      to: { path: '^src/platform/tracing/tracer\\.ts$|^node_modules/@opentelemetry/', dynamic: false },
    },
    only('sensu-format-knows-no-part', '^src/sensu/', '^src/(platform|sensu)/'),
    only('checks-know-no-part', '^src/checks/', '^src/(platform|sensu|page|checks)/'),
    only('push-stands-on-checks', '^src/push/', '^src/(platform|sensu|checks|push)/'),
    only('runner-stands-on-checks', '^src/runner/', '^src/(platform|sensu|checks|runner)/'),
    only('agent-stands-on-the-runner', '^src/agent/', '^src/(platform|sensu|checks|page|runner|agent)/'),
    only(
      'pushgateway-stands-on-checks',
      '^src/pushgateway/',
      '^src/(platform|sensu|checks|page|pushgateway)/',
    ),
    only('web-asks-the-parts-over-http', '^src/web/', '^src/(platform|page|alertmanager-api|web)/'),
    only(
      'convert-sensu-reads-sensu-only',
      '^src/convert-sensu/',
      '^src/(platform|sensu|alertmanager-api|convert-sensu)/',
    ),
    only('explain-stands-on-the-proxy', '^src/explain/', '^src/(platform|alertmanager-api|proxy|explain)/'),
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
