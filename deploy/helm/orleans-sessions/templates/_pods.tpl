{{/* What the pods of silos and frontends have in common. */}}

{{- define "orleans-sessions.deployment" -}}
{{- $root := index . 0 }}{{ $name := index . 1 -}}
revisionHistoryLimit: 5
progressDeadlineSeconds: 300
selector:
  matchLabels:
    {{- include "orleans-sessions.selector" . | nindent 4 }}
strategy:
  type: RollingUpdate
  rollingUpdate:
    maxUnavailable: 0
    maxSurge: 1
{{- end }}

{{- define "orleans-sessions.podMetadata" -}}
{{- $root := index . 0 -}}
labels:
  {{- include "orleans-sessions.podLabels" . | nindent 2 }}
annotations:
  # A changed setting rolls the pods.
  checksum/settings: {{ include (print $root.Template.BasePath "/settings.yaml") $root | sha256sum }}
  {{- if $root.Values.metrics.enabled }}
  prometheus.io/scrape: "true"
  prometheus.io/port: "8081"
  prometheus.io/path: /metrics
  {{- end }}
{{- end }}

{{- define "orleans-sessions.pod" -}}
serviceAccountName: {{ include "orleans-sessions.name" . }}
automountServiceAccountToken: false
enableServiceLinks: false
# preStop, Shutdown:DrainDelay, the host's 30 s for handing over, and a margin.
terminationGracePeriodSeconds: 60
securityContext:
  runAsNonRoot: true
  runAsUser: 1654
  runAsGroup: 1654
  fsGroup: 1654
  seccompProfile: { type: RuntimeDefault }
topologySpreadConstraints:
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "orleans-sessions.selector" $ | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}

{{- define "orleans-sessions.container" -}}
startupProbe:
  httpGet: { path: /healthz/startup, port: management }
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: 120
readinessProbe:
  httpGet: { path: /healthz/ready, port: management }
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 2
livenessProbe:
  httpGet: { path: /healthz/live, port: management }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
lifecycle:
  # Delay SIGTERM, because load balancers hear of the pod's termination only when it starts.
  preStop:
    sleep: { seconds: 3 }
{{ include "orleans-sessions.containerSecurity" . }}
{{- end }}

{{- define "orleans-sessions.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- define "orleans-sessions.mounts" -}}
- { name: tmp, mountPath: /tmp }
- { name: redis, mountPath: /etc/orleans-sessions/redis, readOnly: true }
{{- if .Values.tls.enabled }}
- { name: tls, mountPath: /etc/orleans-sessions/tls, readOnly: true }
{{- end }}
{{- end }}

{{/* Arguments: root, the secret of the certificate. */}}
{{- define "orleans-sessions.volumes" -}}
{{- $root := index . 0 -}}
- name: tmp
  emptyDir: { sizeLimit: 64Mi }
- name: redis
  secret:
    secretName: {{ include "orleans-sessions.secret" (list $root $root.Values.redis.secret "redis") }}
    defaultMode: 0440
    items:
      - { key: password, path: password }
{{- if $root.Values.tls.enabled }}
- name: tls
  secret:
    secretName: {{ index . 1 }}
    defaultMode: 0440
{{- end }}
{{- end }}
