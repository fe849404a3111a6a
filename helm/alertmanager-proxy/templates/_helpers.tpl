{{- define "alertmanager-proxy.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "alertmanager-proxy.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- $release := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) }}
{{- default $release .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- /* Room for the suffix within the 63 characters of a name. Takes (list context suffix). */}}
{{- define "alertmanager-proxy.suffixed" -}}
{{- $suffix := index . 1 }}
{{- $room := sub 62 (len $suffix) | int }}
{{- printf "%s-%s" (include "alertmanager-proxy.fullname" (index . 0) | trunc $room | trimSuffix "-") $suffix }}
{{- end }}

{{- define "alertmanager-proxy.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "alertmanager-proxy.serviceAccountName" -}}
{{- default (.Values.serviceAccount.create | ternary (include "alertmanager-proxy.fullname" .) "default") .Values.serviceAccount.name }}
{{- end }}

{{- define "alertmanager-proxy.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}

{{- /* What a Service and a Deployment select by: never the chart's version. Takes (list context component). */}}
{{- define "alertmanager-proxy.selectorLabels" -}}
app.kubernetes.io/name: {{ include "alertmanager-proxy.name" (index . 0) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- /* Labels of every object. Takes (list context component). */}}
{{- define "alertmanager-proxy.labels" -}}
{{- $ := index . 0 -}}
{{ include "alertmanager-proxy.selectorLabels" . }}
app.kubernetes.io/version: {{ default $.Chart.AppVersion $.Values.image.tag | trunc 63 | quote }}
app.kubernetes.io/part-of: {{ $.Chart.Name }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" | trunc 63 }}
{{- with $.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Port that answers /metrics and /-/, by name. */}}
{{- define "alertmanager-proxy.adminPortName" -}}
{{- .Values.admin.enabled | ternary "admin" "http" }}
{{- end }}

{{- /* ... and by number. */}}
{{- define "alertmanager-proxy.adminPort" -}}
{{- .Values.admin.enabled | ternary .Values.admin.port .Values.service.port }}
{{- end }}

{{- /* The port of HOST:PORT, or that of the scheme. Takes (list address scheme). */}}
{{- define "alertmanager-proxy.portOf" -}}
{{- $port := regexFind ":[0-9]+$" (index . 0) | trimPrefix ":" }}
{{- default (eq (index . 1) "https" | ternary "443" "80") $port }}
{{- end }}

{{- /* Ports of the Alertmanagers that the configuration names, as JSON; SRV records tell theirs only when they are asked. */}}
{{- define "alertmanager-proxy.alertmanagerPorts" -}}
{{- $ports := list }}
{{- range .Values.config.alertmanagers }}
{{- $scheme := default "http" .scheme }}
{{- range .static_configs }}
{{- $own := default $scheme (get (default dict .labels) "__scheme__") }}
{{- range .targets }}
{{- $ports = append $ports (include "alertmanager-proxy.portOf" (list . $own) | int) }}
{{- end }}
{{- end }}
{{- range .dns_sd_configs }}
{{- $ports = concat $ports (eq (default "SRV" .type) "SRV" | ternary $.Values.networkPolicy.alertmanagers.ports (list (int .port))) }}
{{- end }}
{{- end }}
{{- $ports | uniq | toJson }}
{{- end }}

{{- /* Ports that a source asks, as JSON: those that it allows, or those that its preset stands for. */}}
{{- define "alertmanager-proxy.sourcePorts" -}}
{{- $url := default "" .url }}
{{- $authority := regexReplaceAll "^https?://" $url "" | splitList "/" | first }}
{{- $scheme := hasPrefix "https:" $url | ternary "https" "http" }}
{{- $preset := eq (default "" .preset) "agent" | ternary 9470 (include "alertmanager-proxy.portOf" (list $authority $scheme) | int) }}
{{- default (list $preset) (get (default dict .allow) "ports") | toJson }}
{{- end }}

{{- /* Whether the configuration holds a secret itself, in place of the name of a file: "true" or nothing. */}}
{{- define "alertmanager-proxy.holdsSecrets" -}}
{{- $text := toYaml (list .Values.config.alertmanagers .Values.config.sources) }}
{{- $tracing := default dict .Values.config.tracing }}
{{- if or (regexMatch "(?m)^[ -]*(password|credentials|key|secrets):" $text) $tracing.headers }}true{{ end }}
{{- end }}

{{- /* A probe with port and scheme filled in. Takes (list context probe). */}}
{{- define "alertmanager-proxy.probe" -}}
{{- $ := index . 0 }}
{{- $probe := deepCopy (index . 1) }}
{{- if and $probe.httpGet $.Values.webConfig.clientCertificates }}
{{- $_ := set (unset $probe "httpGet") "tcpSocket" (dict "port" (include "alertmanager-proxy.adminPortName" $)) }}
{{- else if $probe.httpGet }}
{{- $get := dict "port" (include "alertmanager-proxy.adminPortName" $) "scheme" (upper $.Values.webConfig.scheme) }}
{{- $_ := set $probe "httpGet" (merge $probe.httpGet $get) }}
{{- end }}
{{- toYaml $probe }}
{{- end }}

{{- define "alertmanager-proxy.affinity" -}}
{{- $selector := dict "matchLabels" (include "alertmanager-proxy.selectorLabels" (list . "proxy") | fromYaml) }}
{{- $term := dict "topologyKey" .Values.podAntiAffinityTopologyKey "labelSelector" $selector }}
{{- if .Values.affinity }}
{{- toYaml .Values.affinity }}
{{- else if eq .Values.podAntiAffinity "soft" }}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm: {{- toYaml $term | nindent 8 }}
{{- else if eq .Values.podAntiAffinity "hard" }}
podAntiAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    - {{- toYaml $term | nindent 6 }}
{{- end }}
{{- end }}

{{- define "alertmanager-proxy.topologySpreadConstraints" -}}
{{- $selector := dict "matchLabels" (include "alertmanager-proxy.selectorLabels" (list . "proxy") | fromYaml) }}
{{- range .Values.topologySpreadConstraints }}
- {{- merge (deepCopy .) (dict "labelSelector" $selector) | toYaml | nindent 2 }}
{{- end }}
{{- end }}
