{{/* Values that the schema cannot refuse, because they are wrong only together. */}}
{{- define "slsdiag.refusals" -}}
{{- $values := .Values }}
{{- $embedded := $values.redis.embedded.enabled }}
{{- if not $values.slack.existingSecret }}
{{- fail "slack.existingSecret is empty: name the Secret that holds the Slack tokens." }}
{{- end }}
{{- if and $embedded (gt (int $values.bot.replicas) 1) }}
{{- fail "redis.embedded serves exactly one replica: set bot.replicas to 1, or give redis.url or redis.existingSecret instead." }}
{{- end }}
{{- if and $embedded $values.redis.url }}
{{- fail "redis.embedded.enabled and redis.url are both set: choose one store." }}
{{- end }}
{{- if and $embedded (or $values.worker.hpa.enabled $values.worker.keda.enabled) }}
{{- fail "redis.embedded has no workers to scale: switch worker.hpa and worker.keda off, or give redis.url." }}
{{- end }}
{{- if not (or $embedded $values.redis.url $values.redis.existingSecret) }}
{{- fail "No store is named: set redis.existingSecret or redis.url, or redis.embedded.enabled with bot.replicas=1." }}
{{- end }}
{{- if regexMatch "//[^/]*:[^/]*@" $values.redis.url }}
{{- fail "redis.url holds a password: put the address into a Secret and name it in redis.existingSecret." }}
{{- end }}
{{- if and $values.redis.passwordKey (not $values.redis.url) }}
{{- fail "redis.passwordKey goes with redis.url: without that the Secret holds the whole address." }}
{{- end }}
{{- if and $values.redis.passwordKey (not $values.redis.existingSecret) }}
{{- fail "redis.existingSecret is empty: name the Secret that redis.passwordKey is a key of." }}
{{- end }}
{{- if and $values.worker.hpa.enabled $values.worker.keda.enabled }}
{{- fail "worker.hpa and worker.keda are both on: two of them would fight over the workers." }}
{{- end }}
{{- if and $values.worker.keda.enabled (not $values.redis.url) (not $values.worker.keda.address) }}
{{- fail "worker.keda cannot read the store's address from a Secret: set worker.keda.address to its host:port." }}
{{- end }}
{{- if and (eq $values.slack.mode "socket") (gt (int $values.bot.replicas) 10) }}
{{- fail "Slack takes ten Socket Mode connections of an app at most: set bot.replicas to 10 or less, or slack.mode to http." }}
{{- end }}
{{- if and (eq $values.slack.mode "socket") (or $values.ingress.enabled $values.httpRoute.enabled) }}
{{- fail "In Socket Mode nothing calls the bot: switch ingress and httpRoute off, or set slack.mode to http." }}
{{- end }}
{{- if and $values.httpRoute.enabled (not $values.httpRoute.parentRefs) }}
{{- fail "httpRoute.parentRefs is empty: name the Gateway that takes Slack's requests." }}
{{- end }}
{{- if not (or $embedded (int $values.bot.threads) (int $values.worker.replicas) $values.worker.hpa.enabled $values.worker.keda.enabled) }}
{{- fail "Nobody works: bot.threads and worker.replicas are both 0." }}
{{- end }}
{{- if and $values.externalSecrets.enabled (not $values.externalSecrets.secretStoreRef.name) }}
{{- fail "externalSecrets.secretStoreRef.name is empty: name the store that the Secrets come from." }}
{{- end }}
{{- end }}

{{/* Whether an object of an operator is made: (dict "root" $ "mode" … "api" … "what" …); "true" or nothing. */}}
{{- define "slsdiag.made" -}}
{{- $there := .root.Capabilities.APIVersions.Has .api }}
{{- if and (eq .mode "failIfMissing") (not $there) }}
{{- fail (printf "%s.enabled wants %s in the cluster: install its operator, or switch it off." .what .api) }}
{{- end }}
{{- if or $there (eq .mode "alwaysRender") }}true{{ end }}
{{- end }}
