// What objects name, by the fields of their kinds and by addresses in any text.
//   { by, kind, namespace, name or labels, part }
const { textsOf } = require("./wiring-provided");
const { covers, selects } = require("./wiring-selectors");

/** Whether a thing is what a reference means. */
function matches({ kind, namespace, name, labels, part }, thing) {
  if (thing.kind !== kind || thing.namespace !== namespace) return false;
  if (labels === undefined ? thing.name !== name : !selects(labels, thing.labels)) return false;
  if (part === undefined || thing.parts === undefined) return true;
  if (kind === "Listener") return thing.parts.some((pattern) => covers(pattern, part));
  if (kind === "CertificateHost") return thing.parts.some((pattern) => covers(pattern, part, "one"));
  return thing.parts.includes(String(part));
}

const storeOf = (objects, ref) =>
  objects.find(({ kind, metadata }) => kind === ref?.kind && metadata.name === ref.name);

const pod = (namespace, spec) => [
  { kind: "ServiceAccount", namespace, name: spec.serviceAccountName ?? "default" },
  ...(spec.priorityClassName ? [{ kind: "PriorityClass", name: spec.priorityClassName }] : []),
  ...(spec.imagePullSecrets ?? []).map(({ name }) => ({ kind: "Secret", namespace, name })),
  ...(spec.volumes ?? []).filter(({ name }) => mounted(spec, name)).flatMap((volume) => volumeOf(namespace, volume)),
  ...[...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ env = [], envFrom = [] }) => [
    ...(env ?? []).flatMap(({ valueFrom = {} }) => [
      ...keyed("Secret", namespace, valueFrom?.secretKeyRef),
      ...keyed("ConfigMap", namespace, valueFrom?.configMapKeyRef),
    ]),
    ...(envFrom ?? []).flatMap(({ secretRef, configMapRef }) => [
      ...keyed("Secret", namespace, secretRef),
      ...keyed("ConfigMap", namespace, configMapRef),
    ]),
  ]),
];

/** What no container mounts, the kubelet ignores: https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go */
const mounted = ({ containers = [], initContainers = [] }, volume) =>
  [...containers, ...(initContainers ?? [])].some(({ volumeMounts }) =>
    volumeMounts?.some(({ name }) => name === volume),
  );

const keyed = (kind, namespace, ref) =>
  ref && !ref.optional ? [{ kind, namespace, name: ref.name, part: ref.key }] : [];

function volumeOf(namespace, { secret, configMap, projected, persistentVolumeClaim: claim }) {
  const all = (kind, source, name) =>
    !source || source.optional
      ? []
      : [{ kind, namespace, name }, ...(source.items ?? []).map(({ key }) => ({ kind, namespace, name, part: key }))];
  return [
    ...all("Secret", secret, secret?.secretName),
    ...all("ConfigMap", configMap, configMap?.name),
    ...(projected?.sources ?? []).flatMap((source) => [
      ...all("Secret", source.secret, source.secret?.name),
      ...all("ConfigMap", source.configMap, source.configMap?.name),
    ]),
    ...(claim ? [{ kind: "PersistentVolumeClaim", namespace, name: claim.claimName }] : []),
  ];
}

const storageClass = (name) => (name ? [{ kind: "StorageClass", name }] : []);
const ofTemplate = ({ metadata: { namespace }, spec }) => pod(namespace, spec.template.spec);
const issuer = (namespace, { kind = "Issuer", name }) => ({ kind, name, ...(kind === "Issuer" && { namespace }) });
const hook = (config) => {
  const service = config?.service;
  return service
    ? [{ kind: "Service", namespace: service.namespace, name: service.name, part: String(service.port ?? 443) }]
    : [];
};
const hooks = ({ webhooks = [] }) => (webhooks ?? []).flatMap(({ clientConfig }) => hook(clientConfig));
const binding = ({ metadata: { namespace }, roleRef, subjects = [] }) => [
  { kind: roleRef.kind, name: roleRef.name, ...(roleRef.kind === "Role" && { namespace }) },
  ...(subjects ?? [])
    .filter(({ kind }) => kind === "ServiceAccount")
    .map(({ namespace: of, name }) => ({ kind: "ServiceAccount", namespace: of ?? namespace, name })),
];

/** A monitor: in one of its namespaces somebody has the labels, and the port. */
const monitor = (kind, endpoints) => (object, _objects, things) => {
  const { metadata, spec } = object;
  const namespaces = spec.namespaceSelector?.matchNames ?? [metadata.namespace];
  const all = spec.namespaceSelector?.any
    ? [
        ...new Set(
          things
            .filter(({ kind: of, labels }) => of === kind && selects(spec.selector, labels))
            .map(({ namespace }) => namespace),
        ),
      ]
    : namespaces;
  return (all.length > 0 ? all : namespaces).flatMap((namespace) =>
    (spec[endpoints] ?? []).map(({ port, targetPort }) => ({
      kind,
      namespace,
      labels: spec.selector,
      part: port ?? targetPort,
    })),
  );
};

/** By kind, what fields name. */
const FIELDS = {
  Pod: ({ metadata: { namespace }, spec }) => pod(namespace, spec),
  Deployment: ofTemplate,
  DaemonSet: ofTemplate,
  Job: ofTemplate,
  StatefulSet: (object) => [
    ...ofTemplate(object),
    { kind: "Service", namespace: object.metadata.namespace, name: object.spec.serviceName },
    ...(object.spec.volumeClaimTemplates ?? []).flatMap(({ spec }) => storageClass(spec.storageClassName)),
  ],
  CronJob: ({ metadata: { namespace }, spec }) => pod(namespace, spec.jobTemplate.spec.template.spec),
  PersistentVolumeClaim: ({ spec }) => storageClass(spec.storageClassName),
  Service: ({ metadata: { namespace }, spec }) =>
    spec.selector && Object.keys(spec.selector).length > 0
      ? (spec.ports ?? []).map(({ port, targetPort }) => ({
          kind: "Pod",
          namespace,
          labels: { matchLabels: spec.selector },
          // A number needs no declaration in the pod.
          ...(isNaN(targetPort ?? port) && { part: targetPort }),
        }))
      : [],
  RoleBinding: binding,
  ClusterRoleBinding: binding,
  Role: ({ metadata: { namespace }, rules }) =>
    (rules ?? [])
      .filter(
        ({ resources = [], verbs, resourceNames = [] }) =>
          resourceNames.length > 0 && verbs.includes("get") && resources.includes("secrets"),
      )
      .flatMap(({ resourceNames }) => resourceNames.map((name) => ({ kind: "Secret", namespace, name }))),
  MutatingWebhookConfiguration: hooks,
  ValidatingWebhookConfiguration: hooks,
  CustomResourceDefinition: ({ spec }) => hook(spec.conversion?.webhook?.clientConfig),
  APIService: ({ spec }) => hook(spec),
  ValidatingAdmissionPolicyBinding: ({ spec }) => [{ kind: "ValidatingAdmissionPolicy", name: spec.policyName }],
  HorizontalPodAutoscaler: ({ metadata: { namespace }, spec }) => [
    { kind: spec.scaleTargetRef.kind, namespace, name: spec.scaleTargetRef.name },
  ],

  GatewayClass: ({ spec: { parametersRef } }) =>
    parametersRef ? [{ kind: parametersRef.kind, namespace: parametersRef.namespace, name: parametersRef.name }] : [],
  Gateway: ({ metadata: { namespace }, spec }) => [
    { kind: "GatewayClass", name: spec.gatewayClassName },
    ...spec.listeners.flatMap(({ hostname, tls }) =>
      (tls?.certificateRefs ?? []).flatMap(({ name }) => [
        { kind: "Secret", namespace, name, part: "tls.crt" },
        { kind: "Secret", namespace, name, part: "tls.key" },
        { kind: "CertificateHost", namespace, name, part: hostname },
      ]),
    ),
  ],
  HTTPRoute: ({ metadata: { namespace }, spec }) => [
    ...spec.parentRefs.flatMap(({ name, namespace: of = namespace, sectionName }) => [
      { kind: "Gateway", namespace: of, name },
      ...(spec.hostnames ?? [undefined]).map((part) => ({
        kind: "Listener",
        namespace: of,
        name: `${name}/${sectionName}`,
        part,
      })),
      { kind: "AdmittedNamespace", namespace: of, name: `${name}/${sectionName}`, part: namespace },
    ]),
    ...spec.rules.flatMap(({ backendRefs = [] }) =>
      backendRefs.map(({ name, port }) => ({ kind: "Service", namespace, name, part: String(port) })),
    ),
  ],
  TLSRoute: (object) => FIELDS.HTTPRoute(object),
  SecurityPolicy: ({ metadata: { namespace }, spec }) => [
    ...spec.targetRefs.map(({ kind, name }) => ({ kind, namespace, name })),
    ...(spec.oidc ? [{ kind: "Secret", namespace, name: spec.oidc.clientSecret.name, part: "client-secret" }] : []),
  ],

  Certificate: ({ metadata: { namespace }, spec }) => [issuer(namespace, spec.issuerRef)],
  Issuer: ({ metadata: { namespace }, spec }) =>
    spec.ca ? [{ kind: "Secret", namespace, name: spec.ca.secretName, part: "tls.key" }] : [],

  ExternalSecret: ({ metadata: { namespace }, spec }, objects) => {
    const { secretStoreRef: ref, data = [], dataFrom = [], target } = spec;
    const store = storeOf(objects, ref);
    const remote = store?.spec.provider.kubernetes?.remoteNamespace;
    const generators = dataFrom.flatMap(({ sourceRef }) => (sourceRef ? [sourceRef.generatorRef] : []));
    const copied = dataFrom.flatMap(({ extract }) => (extract ? [extract.key] : []));
    const keys = Object.values(target?.template?.data ?? {}).flatMap((text) =>
      [...text.matchAll(/index \. "([\w.-]+)"/g)].map(([, key]) => key),
    );
    return [
      ...(ref ? [{ kind: ref.kind, name: ref.name, ...(ref.kind === "SecretStore" && { namespace }) }] : []),
      ...generators.map(({ kind, name }) => ({ kind, name, ...(kind !== "ClusterGenerator" && { namespace }) })),
      // What is in a cloud's vault is not of the cluster.
      ...(remote
        ? [
            ...copied.flatMap((name) => [
              { kind: "Secret", namespace: remote, name },
              ...keys.map((part) => ({ kind: "Secret", namespace: remote, name, part })),
            ]),
            ...data.map(({ remoteRef: { key, property } }) => ({
              kind: "Secret",
              namespace: remote,
              name: key,
              part: property,
            })),
          ]
        : []),
    ];
  },
  ClusterSecretStore: ({ spec }) => {
    const { serviceAccount, caProvider } = { ...spec.provider.kubernetes?.auth, ...spec.provider.kubernetes?.server };
    return [
      ...(serviceAccount
        ? [{ kind: "ServiceAccount", namespace: serviceAccount.namespace, name: serviceAccount.name }]
        : []),
      ...(caProvider
        ? [{ kind: caProvider.type, namespace: caProvider.namespace, name: caProvider.name, part: caProvider.key }]
        : []),
      ...(spec.conditions ?? []).flatMap(({ namespaces = [] }) =>
        namespaces.map((name) => ({ kind: "Namespace", name })),
      ),
      ...(spec.provider.kubernetes ? [{ kind: "Namespace", name: spec.provider.kubernetes.remoteNamespace }] : []),
    ];
  },

  Cluster: ({ metadata: { namespace }, spec }) => [
    ...storageClass(spec.storage?.storageClass),
    ...[...(spec.plugins ?? []), ...(spec.externalClusters ?? []).map(({ plugin }) => plugin)]
      .filter(Boolean)
      .map(({ parameters }) => ({ kind: "ObjectStore", namespace, name: parameters.barmanObjectName })),
  ],
  ScheduledBackup: ({ metadata: { namespace }, spec }) => [{ kind: "Cluster", namespace, name: spec.cluster.name }],

  Prometheus: (object) => [
    ...monitored(object),
    ...(object.spec.alerting?.alertmanagers ?? []).map(({ namespace, name, port }) => ({
      kind: "Service",
      namespace,
      name,
      part: String(port),
    })),
  ],
  Alertmanager: (object) => monitored(object),
  ServiceMonitor: monitor("Service", "endpoints"),
  PodMonitor: monitor("Pod", "podMetricsEndpoints"),
  NodePool: ({ spec }) => [{ kind: spec.template.spec.nodeClassRef.kind, name: spec.template.spec.nodeClassRef.name }],
  AppProject: ({ spec }) => (spec.sourceNamespaces ?? []).map((name) => ({ kind: "Namespace", name })),
};

const monitored = ({ metadata: { namespace }, spec }) => [
  { kind: "ServiceAccount", namespace, name: spec.serviceAccountName },
  ...storageClass(spec.storage?.volumeClaimTemplate?.spec.storageClassName),
  ...(spec.secrets ?? []).map((name) => ({ kind: "Secret", namespace, name })),
  ...(spec.configMaps ?? []).map((name) => ({ kind: "ConfigMap", namespace, name })),
  ...(spec.configSecret ? [{ kind: "Secret", namespace, name: spec.configSecret, part: "alertmanager.yaml" }] : []),
];

/** `{ name, key }` anywhere in an operator's own resource: credentials of object stores, of receivers, of scrapes. */
const SECRET_KEY =
  /^(secret|.*(Secret|Credentials|Key|Token|Password|URL|Url|SecretRef|SecretKeyRef)|password|username|token|accessKeyId|secretAccessKey)$/;

/** Addresses of Services in texts: with a scheme, or a whole text of host and port. */
const URL =
  /\b(?:https?|redis|grpc|postgres(?:ql)?|tcp):\/\/(?:[^@/\s"']*@)?([a-z0-9][a-z0-9.*-]*[a-z0-9])(?::(\d+))?(?=[/"'\s,;)?]|$)/g;
const SETTING = /^\s*\w*HOST(?:NAME)?\s*=\s*"?([a-z][a-z0-9.-]*)(?::(\d+))?"?\s*$/gm; // of an ini file
const WHOLE = /^([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*):(\d+)$/;
const INSIDE = /\.svc(\.cluster\.local)?$/;
/** Of two labels, the second is a namespace unless it is one of these. */
const PUBLIC = /^(com|dev|io|net|org)$/;
/** Loopback, and all interfaces. */
const NOWHERE = /^(localhost|\d+(\.\d+){3})$/;
const PORTS = {
  https: "443",
  http: "80",
  redis: "6379",
  grpc: undefined,
  tcp: undefined,
  postgres: "5432",
  postgresql: "5432",
};

function addresses(text, namespace, { namespaces, domain }) {
  const upstreams = [...text.matchAll(/^\s*upstream\s+([\w-]+)\s*\{/gm)].map(([, name]) => name); // nginx's own names
  const found = [...text.matchAll(URL)].map(([all, host, port]) => ({ host, port: port ?? PORTS[all.split(":")[0]] }));
  const whole = WHOLE.exec(text.trim());
  if (whole) found.push({ host: whole[1], port: whole[2] });
  for (const [, host, port] of text.matchAll(SETTING)) found.push({ host, port });
  return found.flatMap(({ host, port }) => {
    if (domain && host.endsWith(`.${domain}`))
      return host.includes("*") || host.endsWith(`.apps.${domain}`) ? [] : [{ kind: "Host", name: host }];
    if (NOWHERE.test(host)) return [];
    const labels = host.replace(INSIDE, "").split(".");
    const inside = INSIDE.test(host) || namespaces.has(labels[1]) || !PUBLIC.test(labels[1]);
    const service = labels.length === 1 ? [labels[0], namespace] : labels.length === 2 && inside ? labels : undefined;
    // A pod of a StatefulSet, behind its headless Service: pod.service.namespace.
    const headless = labels.length === 3 && namespaces.has(labels[2]) ? [labels[1], labels[2]] : undefined;
    const [name, of] = service ?? headless ?? [];
    return name === undefined || upstreams.includes(name) ? [] : [{ kind: "Service", namespace: of, name, part: port }];
  });
}

/** Every text below; comments in configuration are not read, and neither is what only people read. */
function* texts(value) {
  if (typeof value === "string") yield value.replaceAll(/^\s*(#|\/\/).*$/gm, "");
  else if (typeof value === "object" && value !== null)
    for (const [name, inner] of Object.entries(value))
      if (!["description", "annotations", "labels", "managedFields"].includes(name)) yield* texts(inner);
}

/** Values below whose key looks like one of a credential, in resources of operators. */
function* credentials(value, key = "") {
  if (typeof value !== "object" || value === null) return;
  if (typeof value.name === "string" && typeof value.key === "string" && SECRET_KEY.test(key)) yield value;
  else for (const [name, inner] of Object.entries(value)) yield* credentials(inner, isNaN(name) ? name : key);
}
const CREDENTIALS_OF =
  /^(AlertmanagerConfig|ObjectStore|ClusterIssuer|Issuer|PodMonitor|Prometheus|ScrapeConfig|ServiceMonitor)$/;

/** Argo CD's `$secret:key`: https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/#alternative */
function argoSecrets({ metadata: { namespace, labels } }, texts) {
  if (labels?.["app.kubernetes.io/part-of"] !== "argocd") return [];
  const found = texts.flatMap((text) => [...text.matchAll(/\$([a-z][a-z0-9-]+):([\w.-]+)/g)]);
  return found.map(([, name, part]) => ({ kind: "Secret", namespace, name, part }));
}

/** Environment variables that say where a database or another server is, by its name alone. */
function hostsInEnvironment({ metadata: { namespace }, spec }) {
  const hosts = [...environment(spec)].filter(({ name }) => /(_|^)HOST(NAME)?$/.test(name)).map(({ value }) => value);
  return hosts
    .filter((host) => /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)?$/.test(host) && !NOWHERE.test(host))
    .map((host) => host.split("."))
    .map(([name, of = namespace]) => ({ kind: "Service", namespace: of, name }));
}

/** Every environment variable with a value below. */
function* environment(value, key = "") {
  if (typeof value !== "object" || value === null) return;
  if (key === "env" && Array.isArray(value)) yield* value.filter((entry) => typeof entry?.value === "string");
  else for (const [name, inner] of Object.entries(value)) yield* environment(inner, name);
}

/** Schemas and rules are full of addresses of documentation. */
const UNREAD = ["CustomResourceDefinition", "PrometheusRule"];

/** @param things what there is, which a monitor of all namespaces is asked against */
function referred(objects, things) {
  const namespaces = new Set(things.filter(({ kind }) => kind === "Namespace").map(({ name }) => name));
  const listeners = things.filter(({ kind }) => kind === "Listener").flatMap(({ parts }) => parts);
  const domain = listeners
    .filter((host) => host.startsWith("*."))
    .map((host) => host.slice(2))
    .sort((a, b) => a.length - b.length)[0];
  const context = { namespaces, domain };
  return objects.flatMap((object) => {
    const { kind, metadata, release } = object;
    const { namespace, name } = metadata;
    const body =
      kind === "Secret" || kind === "ConfigMap" ? Object.fromEntries(textsOf(object)) : { spec: object.spec };
    const read = UNREAD.includes(kind) ? [] : [...texts(body)];
    const secrets = CREDENTIALS_OF.test(kind) ? [...credentials(object.spec)] : [];
    return [
      ...(namespace === undefined ? [] : [{ kind: "Namespace", name: namespace }]),
      ...(FIELDS[kind]?.(object, objects, things) ?? []),
      ...read.flatMap((text) => addresses(text, namespace, context)),
      ...hostsInEnvironment(object),
      ...(kind === "ConfigMap" ? argoSecrets(object, read) : []),
      ...secrets.map(({ name, key }) => ({ kind: "Secret", namespace, name, part: key })),
    ].map((reference) => ({ ...reference, by: `${kind} ${namespace ?? release}/${name}` }));
  });
}

module.exports = { matches, referred };
