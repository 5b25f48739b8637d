{{/* Names and labels. Arguments of those that need more than the root: a list of the root and the part. */}}

{{- define "orleans-sessions.name" -}}
{{ (index . 0).Release.Name }}-{{ index . 1 }}
{{- end }}

{{/* A secret: the configured name, or the release's own. Arguments: root, configured name, part. */}}
{{- define "orleans-sessions.secret" -}}
{{ index . 1 | default (printf "%s-%s" (index . 0).Release.Name (index . 2)) }}
{{- end }}

{{/* The labels by which objects select pods. They can't change after the installation. */}}
{{- define "orleans-sessions.selector" -}}
app.kubernetes.io/name: {{ include "orleans-sessions.name" . }}
{{- end }}

{{- define "orleans-sessions.podLabels" -}}
{{ include "orleans-sessions.selector" . }}
app.kubernetes.io/part-of: {{ (index . 0).Release.Name }}
{{- end }}

{{- define "orleans-sessions.labels" -}}
app.kubernetes.io/part-of: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "orleans-sessions.image" -}}
{{ (index . 1).repository }}:{{ (index . 1).tag | default (index . 0).Chart.AppVersion }}
{{- end }}

{{- define "orleans-sessions.redisAddress" -}}
{{- if .Values.redis.enabled -}}
{{ include "orleans-sessions.name" (list . "redis") }}:6379{{ if .Values.tls.enabled }},ssl=true{{ end }}
{{- else -}}
{{ required "redis.address is required with redis.enabled=false" .Values.redis.address }}
{{- end }}
{{- end }}
