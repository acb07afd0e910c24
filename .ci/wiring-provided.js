// What a cluster has to be referred to, from the objects that are put there: the objects, what Kubernetes brings itself, and what
// operators make.
//   { kind, namespace, name, labels, parts }     parts: keys of a Secret, ports of a Service, …; undefined where any is there
const { Buffer } = require("node:buffer");
const { parse } = require("yaml");
const { selects } = require("./wiring-selectors");

const thing = (kind, namespace, name, parts, labels = {}) => ({ kind, namespace, name, parts, labels });
const TLS = ["tls.crt", "tls.key", "ca.crt"];

/** Rendered objects, as they are. */
function own(object) {
  const { kind, metadata, spec } = object;
  const { namespace, name, labels } = metadata;
  switch (kind) {
    case "Secret":
    case "ConfigMap": {
      const data = { ...object.data, ...object.stringData, ...object.binaryData };
      return [thing(kind, namespace, name, Object.keys(data), labels)];
    }
    case "Service":
      return [
        thing(
          kind,
          namespace,
          name,
          (spec.ports ?? []).flatMap(({ name, port }) => [name, String(port)]).filter(Boolean),
          labels,
        ),
      ];
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
      return [thing(kind, namespace, name), pods(namespace, spec.template)];
    case "ClusterRole":
    case "ClusterSecretStore":
    case "ClusterIssuer":
    case "ClusterGenerator":
    case "GatewayClass":
    case "Namespace":
    case "PriorityClass":
    case "StorageClass":
    case "ValidatingAdmissionPolicy":
    case "EC2NodeClass":
      return [thing(kind, undefined, name, undefined, labels)];
    default:
      return [thing(kind, namespace, name, undefined, labels)];
  }
}

const pods = (namespace, { metadata, spec }) =>
  thing(
    "Pod",
    namespace,
    undefined,
    (spec.containers ?? [])
      .flatMap(({ ports }) => ports ?? [])
      .flatMap(({ name, containerPort }) => [name, String(containerPort)])
      .filter(Boolean),
    metadata?.labels,
  );

/** What is there in every cluster: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings */
function ofKubernetes(objects) {
  const namespaces = [...namespacesOf(objects).keys()];
  return [
    ...["cluster-admin", "admin", "edit", "view", "system:auth-delegator"].map((name) =>
      thing("ClusterRole", undefined, name),
    ),
    ...["system-cluster-critical", "system-node-critical"].map((name) => thing("PriorityClass", undefined, name)),
    ...["default", "kube-system"].map((name) => thing("Namespace", undefined, name)),
    ...namespaces.flatMap((namespace) => [
      thing("ServiceAccount", namespace, "default"),
      thing("ConfigMap", namespace, "kube-root-ca.crt", ["ca.crt"]),
    ]),
    thing("Service", "default", "kubernetes", ["443", "https"], { component: "apiserver", provider: "kubernetes" }),
    thing("Pod", "kube-system", undefined, ["53", "9153", "metrics"], { "k8s-app": "kube-dns" }),
    thing("Role", "kube-system", "extension-apiserver-authentication-reader"),
  ];
}

/** Namespaces with their labels, Kubernetes's own among them. */
function namespacesOf(objects) {
  const made = objects
    .filter(({ kind }) => kind === "Namespace")
    .map(({ metadata }) => [metadata.name, metadata.labels ?? {}]);
  return new Map(
    [["default", {}], ["kube-system", {}], ...made].map(([name, labels]) => [
      name,
      { "kubernetes.io/metadata.name": name, ...labels },
    ]),
  );
}

/** Keys that an ExternalSecret gives its Secret: https://external-secrets.io/latest/guides/templating/ */
function keysOf({ spec }, objects) {
  const template = spec.target?.template;
  if (template?.data) return Object.keys(template.data);
  if (spec.data) return spec.data.map(({ secretKey }) => secretKey);
  return spec.dataFrom.flatMap(({ extract, sourceRef }) => {
    if (sourceRef) return ["password"];
    const store = objects.find(
      ({ kind, metadata }) => kind === spec.secretStoreRef.kind && metadata.name === spec.secretStoreRef.name,
    );
    const source = objects.find(
      ({ kind, metadata, spec: { target } = {} }) =>
        kind === "ExternalSecret" &&
        metadata.namespace === store?.spec.provider.kubernetes?.remoteNamespace &&
        target.name === extract.key,
    );
    return source ? keysOf(source, objects) : [];
  });
}

/** What operators make of an object, or of their own being there. */
const OPERATORS = [
  {
    operator: "cert-manager",
    link: "https://cert-manager.io/docs/usage/certificate/#target-secret",
    makes: {
      Certificate: ({ metadata: { namespace }, spec: { secretName, dnsNames } }) => [
        thing("Secret", namespace, secretName, TLS),
        thing("CertificateHost", namespace, secretName, dnsNames ?? []),
      ],
      Deployment: ({ metadata: { namespace, name } }) =>
        name === "cert-manager-webhook" ? [thing("Secret", namespace, `${name}-ca`, TLS)] : [],
      ClusterIssuer: ({ metadata: { namespace }, spec }) =>
        spec.acme ? [thing("Secret", namespace, spec.acme.privateKeySecretRef.name, TLS)] : [],
    },
  },
  {
    operator: "External Secrets",
    link: "https://external-secrets.io/latest/api/externalsecret/",
    makes: {
      ExternalSecret: (object, objects) => [
        thing(
          "Secret",
          object.metadata.namespace,
          object.spec.target.name,
          keysOf(object, objects),
          object.spec.target.template?.metadata?.labels,
        ),
      ],
    },
  },
  {
    operator: "CloudNativePG",
    link: "https://cloudnative-pg.io/documentation/current/applications/",
    makes: {
      Cluster: ({ metadata: { namespace, name } }) => [
        ...["rw", "ro", "r"].map((end) => thing("Service", namespace, `${name}-${end}`, ["5432", "postgres"])),
        thing("Secret", namespace, `${name}-app`, [
          "username",
          "password",
          "dbname",
          "host",
          "port",
          "uri",
          "jdbc-uri",
          "pgpass",
        ]),
        thing("ServiceAccount", namespace, name),
        thing("Pod", namespace, undefined, ["5432", "9187", "metrics", "postgresql"], {
          "cnpg.io/cluster": name,
          "cnpg.io/podRole": "instance",
        }),
      ],
      Deployment: ({ metadata: { namespace, name } }) =>
        name === "cloudnative-pg" ? [thing("Secret", namespace, "cnpg-webhook-cert", TLS)] : [],
    },
  },
  {
    operator: "Envoy Gateway",
    link: "https://gateway.envoyproxy.io/docs/tasks/operations/customize-envoyproxy/",
    makes: {
      Job: ({ metadata: { namespace, name } }) =>
        name.endsWith("-certgen")
          ? ["envoy-gateway", "envoy", "envoy-rate-limit", "envoy-oidc-hmac"].map((secret) =>
              thing("Secret", namespace, secret, TLS),
            )
          : [],
      EnvoyProxy: ({ metadata: { namespace }, spec }) => [
        thing("Service", namespace, spec.provider.kubernetes.envoyService.name, ["80", "443"]),
        thing("Pod", namespace, undefined, ["19001", "metrics"], {
          "app.kubernetes.io/component": "proxy",
          "app.kubernetes.io/name": "envoy",
          "app.kubernetes.io/managed-by": "envoy-gateway",
        }),
      ],
    },
  },
  {
    operator: "Prometheus operator",
    link: "https://github.com/prometheus-operator/prometheus-operator/blob/main/Documentation/platform/platform-guide.md",
    makes: Object.fromEntries(
      [
        ["Prometheus", "prometheus", "9090"],
        ["Alertmanager", "alertmanager", "9093"],
      ].map(([kind, label, port]) => [
        kind,
        ({ metadata: { namespace, name }, spec }) => [
          thing("Service", namespace, `${label}-operated`, [port, spec.portName ?? "web"]),
          thing("Pod", namespace, undefined, [port, spec.portName ?? "web", "reloader-web"], {
            [label]: name,
            "app.kubernetes.io/name": label,
            "operator.prometheus.io/name": name,
          }),
        ],
      ]),
    ),
  },
  {
    operator: "Prometheus operator, with --kubelet-service",
    link: "https://github.com/prometheus-operator/prometheus-operator/blob/main/Documentation/platform/operator.md",
    makes: {
      Deployment: ({ spec }) =>
        (spec.template.spec.containers ?? [])
          .flatMap(({ args }) => args ?? [])
          .filter((arg) => arg.startsWith("--kubelet-service="))
          .map((arg) => arg.split(/[=/]/))
          .map(([, namespace, name]) =>
            thing("Service", namespace, name, ["https-metrics", "10250"], {
              "k8s-app": "kubelet",
              "app.kubernetes.io/name": "kubelet",
            }),
          ),
    },
  },
  {
    operator: "kube-prometheus-stack's job admission-create",
    link: "https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack#prometheusrules-admission-webhooks",
    makes: {
      Job: ({ metadata: { namespace, name } }) =>
        name.endsWith("-admission-create")
          ? [thing("Secret", namespace, name.replace(/-create$/, ""), ["ca", "cert", "key"])]
          : [],
    },
  },
  {
    operator: "Argo CD's job redis-secret-init",
    link: "https://argo-cd.readthedocs.io/en/stable/faq/",
    makes: {
      Job: ({ metadata: { namespace, name } }) =>
        name.endsWith("-redis-secret-init") ? [thing("Secret", namespace, "argocd-redis", ["auth"])] : [],
    },
  },
  {
    operator: "vCluster",
    link: "https://www.vcluster.com/docs/vcluster/configure/vcluster-yaml/control-plane/components/backing-store/etcd/deploy",
    makes: {
      StatefulSet: ({ metadata: { namespace, name, labels } }) =>
        labels?.app === "vcluster-etcd"
          ? [
              thing("Secret", namespace, name.replace(/-etcd$/, "-certs"), [
                "etcd-ca.crt",
                "etcd-server.crt",
                "etcd-server.key",
                "etcd-peer.crt",
                "etcd-peer.key",
                "apiserver-etcd-client.crt",
                "apiserver-etcd-client.key",
              ]),
            ]
          : [],
    },
  },
  {
    operator: "vCluster's syncer",
    link: "https://www.vcluster.com/docs/vcluster/configure/vcluster-yaml/export-kubeconfig",
    makes: {
      Secret: ({ metadata: { namespace, name }, data = {} }) =>
        name.startsWith("vc-config-")
          ? [
              // One always, by the name of the virtual cluster.
              { name: name.replace(/^vc-config-/, "vc-") },
              ...parse(Buffer.from(data["config.yaml"], "base64").toString()).exportKubeConfig.additionalSecrets,
            ].map(({ name }) =>
              thing("Secret", namespace, name, [
                "config",
                "certificate-authority",
                "client-certificate",
                "client-key",
                "token",
              ]),
            )
          : [],
    },
  },
];

/** What the Gateway's listeners let in: hosts, and namespaces by their labels. */
function listeners(objects) {
  return objects
    .filter(({ kind }) => kind === "Gateway")
    .flatMap(({ metadata: { namespace, name }, spec }) =>
      spec.listeners.flatMap((listener) => {
        const { from, selector } = listener.allowedRoutes.namespaces;
        const admitted = [...namespacesOf(objects)].filter(([of, labels]) =>
          from === "Same" ? of === namespace : selects(selector, labels),
        );
        const id = `${name}/${listener.name}`;
        return [
          thing("Listener", namespace, id, [listener.hostname ?? "*"]),
          thing(
            "AdmittedNamespace",
            namespace,
            id,
            admitted.map(([of]) => of),
          ),
        ];
      }),
    );
}

/** @returns every thing that may be referred to */
function provided(objects) {
  return [
    ...objects.flatMap(own),
    ...ofKubernetes(objects),
    ...OPERATORS.flatMap(({ makes }) => objects.flatMap((object) => makes[object.kind]?.(object, objects) ?? [])),
    // Who brings a cluster brings its class; the config says which, and kind's is the default: https://kind.sigs.k8s.io/
    ...(objects.some(({ kind }) => kind === "StorageClass") ? [] : [thing("StorageClass", undefined, "standard")]),
    ...listeners(objects),
    ...objects
      .filter(({ kind }) => kind === "HTTPRoute" || kind === "TLSRoute")
      .flatMap(({ spec }) => (spec.hostnames ?? []).map((host) => thing("Host", undefined, host))),
  ];
}

/** Text of a Secret or ConfigMap, by key. */
const textsOf = ({ kind, data = {}, stringData = {} }) =>
  Object.entries({
    ...(kind === "Secret"
      ? Object.fromEntries(
          Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), "base64").toString()]),
        )
      : data),
    ...stringData,
  });

module.exports = { provided, textsOf };
