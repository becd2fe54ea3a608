{{/* The pod of one role: (dict "root" $ "role" "bot" "verb" "serve" "threads" 0) */}}
{{- define "slsdiag.pod" -}}
{{- $values := .root.Values }}
{{- $pods := $values.pods }}
{{- $own := index $values .role }}
{{- $stored := and (eq .role "bot") $values.redis.embedded.enabled }}
{{- $http := and (eq .role "bot") (eq $values.slack.mode "http") }}
metadata:
  labels:
    {{- include "slsdiag.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
    {{- with $own.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/config: {{ include "slsdiag.settings" .root | sha256sum }}
    {{- with $own.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "slsdiag.serviceAccountName" .root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $pods.terminationGracePeriodSeconds }}
  {{- with $pods.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    {{- toYaml $pods.podSecurityContext | nindent 4 }}
  containers:
    - name: {{ .role }}
      image: {{ include "slsdiag.image" .root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      args: [{{ .verb }}]
      envFrom:
        - configMapRef:
            name: {{ include "slsdiag.fullname" .root }}
      env:
        {{- include "slsdiag.env" (dict "root" .root "threads" .threads) | nindent 8 }}
      ports:
        - name: admin
          containerPort: {{ $values.ports.admin }}
        {{- if $http }}
        - name: http
          containerPort: {{ $values.ports.http }}
        {{- end }}
      {{- range $probe := tuple "startupProbe" "livenessProbe" "readinessProbe" }}
      {{- with index $pods $probe }}
      {{ $probe }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
      {{- if and $http $own.preStopSeconds }}
      lifecycle:
        preStop:
          exec:
            command: [sleep, {{ $own.preStopSeconds | quote }}]
      {{- end }}
      resources:
        {{- toYaml $own.resources | nindent 8 }}
      securityContext:
        {{- toYaml $pods.securityContext | nindent 8 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if $stored }}
        - name: state
          mountPath: {{ $values.redis.embedded.stateDir }}
        {{- end }}
        {{- with $values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with $values.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
    {{- if $stored }}
    - name: state
      persistentVolumeClaim:
        claimName: {{ default (include "slsdiag.fullname" .root) $values.redis.embedded.existingClaim }}
    {{- end }}
    {{- with $values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- if $pods.topologySpread }}
  topologySpreadConstraints:
    {{- range tuple "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - topologyKey: {{ . }}
      maxSkew: 1
      whenUnsatisfiable: ScheduleAnyway
      matchLabelKeys: [pod-template-hash]
      labelSelector:
        matchLabels:
          {{- include "slsdiag.selector" $.root | nindent 10 }}
          app.kubernetes.io/component: {{ $.role }}
    {{- end }}
  {{- end }}
  {{- with $own.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $own.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $own.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
