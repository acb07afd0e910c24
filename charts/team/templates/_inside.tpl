{{/*
What a team has inside an environment: the templates of the host with other values. Takes a list: the chart's root, and the environment.
*/}}
{{- define "team.inside" -}}
{{- $root := index . 0 }}
{{- $environment := index . 1 }}
{{- $team := index $root.Values.labels "stackyard.dev/team" }}
{{- $own := dict "stackyard.dev/environment" $environment.name "app.kubernetes.io/managed-by" "stackyard" }}
{{- $namespace := dict "name" (printf "team-%s" $team) "limitRange" $environment.limitRange }}
{{- /* The CoreDNS of a virtual cluster. Who reaches the pods from outside of it, only the host can say. */}}
{{- $values := dict
  "labels" (merge (dict) $own $root.Values.labels)
  "namespaces" (list $namespace)
  "groups" $root.Values.inside.groups
  "egress" $root.Values.egress
  "priorityClass" $root.Values.priorityClass
  "dns" (dict "app" "vcluster-kube-dns" "port" 1053)
  "gatewayNamespace" "" }}
apiVersion: v1
kind: Namespace
metadata:
  name: {{ $namespace.name }}
  labels: {{- merge (dict) $own $environment.labels $root.Values.inside.labels | toYaml | nindent 4 }}
  annotations: {{- toYaml $root.Values.inside.annotations | nindent 4 }}
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: team
  namespace: {{ $namespace.name }}
  labels: {{- include "team.labels" (dict "Values" $values) | nindent 4 }}
spec:
  hard: {{- toYaml $environment.quota | nindent 4 }}
{{- range list "limit-range" "network-policy" "resource-quota" "role-binding" }}
{{ include (printf "%s/%s.yaml" $root.Template.BasePath .) (dict "Values" $values) | trim }}
{{- end }}
{{- end }}

{{/*
A Job with kubectl and the kubeconfig that the virtual cluster exports. Takes a dictionary: root, environment, name, hooks, arguments, what
must succeed before them, and whether they read the manifests.
*/}}
{{- define "team.job" -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .name }}
  namespace: vcluster-{{ .environment.cluster }}
  labels: {{- toYaml .root.Values.labels | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .hooks }}
    # One that failed stays to be read, and those that did their work are not a thousand.
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  # The API server may just be starting again: a bit more than a minute for that, and not ten where it refuses.
  # A pod that the quota refuses is no failure: the controller tries again.
  backoffLimit: 3
  activeDeadlineSeconds: 600
  template:
    spec:
      restartPolicy: Never
      priorityClassName: {{ .root.Values.priorityClass }}
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        seccompProfile: { type: RuntimeDefault }
      {{- with .before }}
      initContainers:
        - name: {{ .name }}
          {{- include "team.kubectl" (dict "root" $.root "arguments" .arguments) | nindent 10 }}
      {{- end }}
      containers:
        - name: kubectl
          {{- include "team.kubectl" . | nindent 10 }}
      volumes:
        - name: kubeconfig
          secret: { secretName: vc-{{ .environment.cluster }}, items: [{ key: config, path: config }] }
        {{- if .manifests }}
        - name: manifests
          configMap: { name: {{ .manifests }} }
        {{- end }}
{{- end }}

{{- define "team.kubectl" -}}
image: {{ .root.Values.inside.image }}
command:
  - kubectl
  - --kubeconfig=/kubeconfig/config
  - --request-timeout=60s
  {{- range .arguments }}
  - {{ . }}
  {{- end }}
resources:
  requests: {{- toYaml .root.Values.inside.requests | nindent 4 }}
  limits: { memory: {{ .root.Values.inside.requests.memory }} }
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
volumeMounts:
  - { name: kubeconfig, mountPath: /kubeconfig, readOnly: true }
  {{- if .manifests }}
  - { name: manifests, mountPath: /manifests, readOnly: true }
  {{- end }}
{{- end }}
