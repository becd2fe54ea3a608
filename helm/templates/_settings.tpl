{{/* One value as the text of an environment variable: (dict "name" "limits" "value" …); empty when it is not set. */}}
{{- define "slsdiag.text" -}}
{{- if kindIs "slice" .value }}
{{- join "," .value }}
{{- else if and (kindIs "map" .value) (eq .name "limits") }}
{{- $words := list }}
{{- range $key, $each := .value }}
{{- $words = append $words (printf "%s=%s" $key (toJson $each)) }}
{{- end }}
{{- join "," $words }}
{{- else if kindIs "map" .value }}
{{- if .value }}{{ toJson .value }}{{ end }}
{{- else if kindIs "string" .value }}
{{- .value }}
{{- else if not (kindIs "invalid" .value) }}
{{- toJson .value }}
{{- end }}
{{- end }}

{{/* What bot and worker have in common: every value of `settings` and `aws` by its own name. */}}
{{- define "slsdiag.settings" -}}
SLSDIAG_MODE: {{ .Values.slack.mode | quote }}
SLSDIAG_PORT: {{ .Values.ports.http | quote }}
SLSDIAG_ADMIN_PORT: {{ .Values.ports.admin | quote }}
SLSDIAG_STATE_DIR: {{ .Values.redis.embedded.stateDir | quote }}
{{- with .Values.slack.apiUrl }}
SLACK_API_URL: {{ . | quote }}
{{- end }}
{{- range $prefix, $values := dict "SLSDIAG" .Values.settings "AWS" .Values.aws }}
{{- range $name, $value := $values }}
{{- with include "slsdiag.text" (dict "name" $name "value" $value) }}
{{ printf "%s_%s" $prefix (snakecase $name | upper) }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* What differs, and what is secret: (dict "root" $ "threads" 16) */}}
{{- define "slsdiag.env" -}}
{{- $values := .root.Values }}
{{- $slack := $values.slack }}
- name: SLSDIAG_WORKERS
  value: {{ .threads | quote }}
- name: SLACK_BOT_TOKEN
  valueFrom:
    secretKeyRef: { name: {{ $slack.existingSecret }}, key: {{ $slack.botTokenKey }} }
{{- if eq $slack.mode "http" }}
- name: SLACK_SIGNING_SECRET
  valueFrom:
    secretKeyRef: { name: {{ $slack.existingSecret }}, key: {{ $slack.signingSecretKey }} }
{{- else }}
- name: SLACK_APP_TOKEN
  valueFrom:
    secretKeyRef: { name: {{ $slack.existingSecret }}, key: {{ $slack.appTokenKey }} }
{{- end }}
{{- if and $values.redis.url $values.redis.passwordKey }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ $values.redis.existingSecret }}, key: {{ $values.redis.passwordKey }} }
- name: REDIS_URL # Kubernetes puts the variable above in its place
  value: {{ regexReplaceAll "^(rediss?://)(?:([^@/]*)@)?" $values.redis.url "${1}${2}:$$(REDIS_PASSWORD)@" | quote }}
{{- else if $values.redis.url }}
- name: REDIS_URL
  value: {{ $values.redis.url | quote }}
{{- else if not $values.redis.embedded.enabled }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef: { name: {{ $values.redis.existingSecret }}, key: {{ $values.redis.key }} }
{{- end }}
{{- with $values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
