{{- /* Labels of what keeps the team in its bounds; the mark keeps the team off it: policies/admission. */ -}}
{{- define "team.labels" -}}
{{- toYaml (merge (dict "stackyard.dev/owned-by" "platform") .Values.labels) -}}
{{- end }}
