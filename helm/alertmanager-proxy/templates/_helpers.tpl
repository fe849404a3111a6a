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

{{- /* A probe with port and scheme filled in. Takes (list context probe). */}}
{{- define "alertmanager-proxy.probe" -}}
{{- $ := index . 0 }}
{{- $probe := deepCopy (index . 1) }}
{{- if $probe.httpGet }}
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
