// Attempts to get more than one was given, each with a twin that is allowed: only so does a refusal mean what it seems to mean.
//   attempt(what, who, request, why, twin)
// who: who asks; why: what the refusal must say; twin: a request that is let through as { as, ...request }, by default the same request
// of the cluster's administrator. Whatever writes is a dry run on the server.

const person = (...groups) => ({ user: "mallory", groups: [...groups, "system:authenticated"] });
const account = (namespace, name) => ({
  user: `system:serviceaccount:${namespace}:${name}`,
  groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
});
const ADMINISTRATOR = { user: "administrator", groups: ["system:masters"] };
/** Admin of team-checkout, viewer of team-search-*. */
const CHECKOUT = person("checkout");
/** Editors of team-docs and of team-ml, and a viewer of team-checkout. */
const DOCS = person("docs");
const SCIENTIST = person("ml-scientists");
const VIEWER = person("platform");
const ARGO_CD = account("argocd", "argocd-application-controller");
const SYNCER = account("vcluster-modernengg-dev", "vc-modernengg-dev");

// --- requests ----------------------------------------------------------------------------------------------------------

const at = (api, namespace, resource) =>
  `${api === "v1" ? "/api/v1" : `/apis/${api}`}${namespace ? `/namespaces/${namespace}` : ""}/${resource}`;
const API = {
  apps: "apps/v1",
  rbac: "rbac.authorization.k8s.io/v1",
  network: "networking.k8s.io/v1",
  admission: "admissionregistration.k8s.io/v1",
  extensions: "apiextensions.k8s.io/v1",
  certificates: "certificates.k8s.io/v1",
  routes: "gateway.networking.k8s.io/v1",
  envoy: "gateway.envoyproxy.io/v1alpha1",
  secrets: "external-secrets.io/v1",
  certManager: "cert-manager.io/v1",
  argo: "argoproj.io/v1alpha1",
  monitoring: "monitoring.coreos.com/v1",
};
const read = (path) => ({ method: "GET", path });
const create = (path, object) => ({ method: "POST", path, object });
const patch = (path, object) => ({ method: "PATCH", path, object, type: "application/merge-patch+json" });
const remove = (path) => ({ method: "DELETE", path });

const object = (apiVersion, kind, spec, metadata) => ({
  apiVersion,
  kind,
  metadata: { name: "attempt", ...metadata },
  ...spec,
});
const RESOURCES = { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "10m", memory: "16Mi" } };
const container = (more) => ({ name: "c", image: "example.com/x:1", resources: RESOURCES, ...more });
const pod = (spec = {}, metadata = {}) =>
  object("v1", "Pod", { spec: { containers: [container()], ...spec } }, metadata);
const labelled = (labels) => pod({}, { labels });
const privileged = (securityContext) => pod({ containers: [container({ securityContext })] });
const affinity = (term) =>
  pod({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [term] }] },
      },
    },
  });
const claim = (labels) =>
  object(
    "v1",
    "PersistentVolumeClaim",
    { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
    { labels },
  );
const service = (spec) => object("v1", "Service", { spec: { selector: { app: "x" }, ports: [{ port: 80 }], ...spec } });
const group = (name) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name });
const clusterRole = (name) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name });
const binding = (role, to, kind = "RoleBinding") =>
  object(API.rbac, kind, { roleRef: clusterRole(role), subjects: [group(to)] });
const role = (rule, kind = "Role", metadata = {}) => object(API.rbac, kind, { rules: [rule] }, metadata);
const rule = (apiGroup, resource, ...verbs) => ({ apiGroups: [apiGroup], resources: [resource], verbs });
const networkPolicy = object(API.network, "NetworkPolicy", {
  spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
});
const route = (hostnames, more = {}) =>
  object(API.routes, "HTTPRoute", {
    spec: {
      parentRefs: [{ name: "platform", namespace: "envoy-gateway-system", sectionName: "apps" }],
      ...(hostnames && { hostnames }),
      rules: [{ backendRefs: [{ name: "x", port: 80 }] }],
      ...more,
    },
  });
const toleration = (team) => pod({ tolerations: [{ key: "stackyard.dev/team", operator: "Equal", value: team }] });
const configMap = (labels) => object("v1", "ConfigMap", { data: {} }, { labels });

const OWN = "team-checkout";
const pods = (namespace) => at("v1", namespace, "pods");
const routes = at(API.routes, OWN, "httproutes");

// --- why: each refusal says whose it is ----------------------------------------------------------------------------------

/** Kubernetes's roles: no such right at all. */
const noRight = (verb, resource) => new RegExp(`cannot ${verb} resource "${resource.replace("/", "\\/")}"`);
/** Kubernetes's roles: no right that one lacks oneself is passed on. */
const NOT_HELD = /is attempting to grant RBAC permissions not currently held/;
const security = (what) => new RegExp(`violates PodSecurity "baseline.*${what}`);
const quota = (name) => new RegExp(`exceeded quota: ${name}`);
const policy = (name) => new RegExp(`ValidatingAdmissionPolicy 'stackyard-${name}'.* denied request`);
const OWNED = policy("platform-objects");

const attempts = [];
const attempt = (what, who, request, why, twin) => attempts.push({ what, who, request, why, twin });

// --- rights ------------------------------------------------------------------------------------------------------------

const bindings = at(API.rbac, OWN, "rolebindings");
const roles = at(API.rbac, OWN, "roles");
attempt(
  "bind cluster-admin to oneself in one's namespace",
  CHECKOUT,
  create(bindings, binding("cluster-admin", "checkout")),
  NOT_HELD,
  create(bindings, binding("view", "docs")),
);
attempt(
  "bind a role of the kubelet to oneself",
  CHECKOUT,
  create(bindings, binding("system:kubelet-api-admin", "checkout")),
  NOT_HELD,
  create(bindings, binding("edit", "docs")),
);
attempt(
  "bind cluster-admin on the whole cluster",
  CHECKOUT,
  create(at(API.rbac, "", "clusterrolebindings"), binding("cluster-admin", "checkout", "ClusterRoleBinding")),
  noRight("create", "clusterrolebindings"),
);
attempt(
  "write a role that may change quotas",
  CHECKOUT,
  create(roles, role(rule("", "resourcequotas", "update"))),
  NOT_HELD,
  create(roles, role(rule("", "secrets", "update"))),
);
attempt(
  "write a role that may write LimitRanges",
  CHECKOUT,
  create(roles, role(rule("", "limitranges", "delete"))),
  NOT_HELD,
  create(roles, role(rule("", "limitranges", "get"))),
);
attempt(
  "write a role with every right",
  CHECKOUT,
  create(roles, role(rule("*", "*", "*"))),
  NOT_HELD,
  create(roles, role(rule("apps", "deployments", "create"))),
);
attempt(
  "write a role with the verb escalate",
  CHECKOUT,
  create(roles, role(rule("rbac.authorization.k8s.io", "roles", "escalate", "bind"))),
  NOT_HELD,
  create(roles, role(rule("rbac.authorization.k8s.io", "roles", "update"))),
);
attempt(
  "write a role that asks for certificates",
  CHECKOUT,
  create(roles, role(rule("cert-manager.io", "certificates", "create"))),
  NOT_HELD,
  create(roles, role(rule("gateway.networking.k8s.io", "httproutes", "create"))),
);
attempt(
  "write a ClusterRole that adds itself to `view`",
  CHECKOUT,
  create(
    at(API.rbac, "", "clusterroles"),
    role(rule("", "secrets", "get"), "ClusterRole", {
      labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" },
    }),
  ),
  noRight("create", "clusterroles"),
);
attempt(
  "change the ClusterRole `edit`",
  CHECKOUT,
  patch(at(API.rbac, "", "clusterroles/edit"), { metadata: { labels: { x: "y" } } }),
  noRight("patch", "clusterroles"),
);
attempt(
  "grant oneself a role in another team's namespace",
  CHECKOUT,
  create(at(API.rbac, "team-docs", "rolebindings"), binding("edit", "checkout")),
  noRight("create", "rolebindings"),
  create(bindings, binding("edit", "docs")),
);
attempt(
  "grant as an editor",
  DOCS,
  create(at(API.rbac, "team-docs", "rolebindings"), binding("view", "docs")),
  noRight("create", "rolebindings"),
  { as: CHECKOUT, ...create(bindings, binding("view", "docs")) },
);
attempt("take a viewer's RoleBinding away", CHECKOUT, remove(`${bindings}/team-view`), OWNED);
attempt(
  "put one's friends into the platform's RoleBinding",
  CHECKOUT,
  patch(`${bindings}/team-admin`, { subjects: [group("checkout"), group("docs")] }),
  OWNED,
  create(bindings, binding("admin", "docs")),
);
attempt(
  "change the role of the cost report",
  CHECKOUT,
  patch(`${roles}/cost-report`, { rules: [rule("", "secrets", "get")] }),
  OWNED,
  create(roles, role(rule("", "secrets", "get"))),
);
attempt(
  "take another team's RoleBinding away",
  CHECKOUT,
  remove(at(API.rbac, "team-ml", "rolebindings/team-admin")),
  noRight("delete", "rolebindings"),
);
attempt(
  "ask what others may",
  CHECKOUT,
  create("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user: "x", resourceAttributes: { verb: "get", resource: "pods" } },
  }),
  noRight("create", "subjectaccessreviews"),
);

// --- identities ----------------------------------------------------------------------------------------------------------

const token = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
const csr = object(API.certificates, "CertificateSigningRequest", {
  spec: { request: "eA==", signerName: "kubernetes.io/kube-apiserver-client", usages: ["client auth"] },
});
const accounts = (namespace) => at("v1", namespace, "serviceaccounts");
attempt(
  "a token of another team's account",
  CHECKOUT,
  create(`${accounts("team-ml")}/default/token`, token),
  noRight("create", "serviceaccounts/token"),
  create(`${accounts(OWN)}/default/token`, token),
);
attempt(
  "a token of Argo CD's controller",
  CHECKOUT,
  create(`${accounts("argocd")}/default/token`, token),
  noRight("create", "serviceaccounts/token"),
  create(`${accounts(OWN)}/uploads/token`, token),
);
attempt(
  "a token as a viewer",
  VIEWER,
  create(`${accounts(OWN)}/uploads/token`, token),
  noRight("create", "serviceaccounts/token"),
  { as: CHECKOUT, ...create(`${accounts(OWN)}/uploads/token`, token) },
);
attempt(
  "a pod with another namespace's account",
  CHECKOUT,
  create(pods(OWN), pod({ serviceAccountName: "argocd-application-controller" })),
  /serviceaccount "argocd-application-controller" not found/,
  create(pods(OWN), pod({ serviceAccountName: "uploads" })),
);
attempt(
  "another identity for an account of the platform's",
  CHECKOUT,
  patch(`${accounts(OWN)}/uploads`, {
    metadata: { annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/PlatformAdmin" } },
  }),
  OWNED,
  create(accounts(OWN), object("v1", "ServiceAccount", {})),
);
attempt("take the account with the cloud's identity away", CHECKOUT, remove(`${accounts(OWN)}/uploads`), OWNED);
attempt(
  "a certificate for system:masters",
  CHECKOUT,
  create(at(API.certificates, "", "certificatesigningrequests"), csr),
  noRight("create", "certificatesigningrequests"),
  { as: ADMINISTRATOR, ...read(at(API.certificates, "", "certificatesigningrequests")) },
);
attempt(
  "approve a certificate",
  CHECKOUT,
  patch(at(API.certificates, "", "certificatesigningrequests/x/approval"), {}),
  noRight("patch", "certificatesigningrequests/approval"),
  { as: ADMINISTRATOR, reached: 404, ...patch(at(API.certificates, "", "certificatesigningrequests/x/approval"), {}) },
);
attempt(
  "have a token looked at",
  CHECKOUT,
  create("/apis/authentication.k8s.io/v1/tokenreviews", {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    spec: { token: "x" },
  }),
  noRight("create", "tokenreviews"),
);
// With credentials of its own, because one impersonates only once.
attempt(
  "impersonate system:masters",
  "credentials",
  { ...read(pods(OWN)), as: ADMINISTRATOR },
  noRight("impersonate", "users"),
  {
    ...read(pods(OWN)),
    as: { ...account(OWN, "default"), groups: [] },
    reached: 403,
    says: /system:serviceaccount:team-checkout:default" cannot list/,
  },
);
attempt(
  "impersonate another team's account",
  "credentials",
  { ...read(pods("team-ml")), as: { user: "system:serviceaccount:team-ml:default", groups: [] } },
  noRight("impersonate", "serviceaccounts"),
  {
    ...read(pods(OWN)),
    as: { user: "system:serviceaccount:team-checkout:uploads", groups: [] },
    reached: 403,
    says: /team-checkout:uploads" cannot list/,
  },
);
attempt(
  "impersonate another team's group",
  "credentials",
  { ...read(pods("team-ml")), as: { user: "system:serviceaccount:team-checkout:default", groups: ["ml-engineers"] } },
  noRight("impersonate", "groups"),
  read(pods(OWN)),
);

// --- bounds --------------------------------------------------------------------------------------------------------------

const hard = { spec: { hard: { "requests.cpu": "1000" } } };
attempt(
  "raise one's own quota",
  CHECKOUT,
  patch(at("v1", OWN, "resourcequotas/team"), hard),
  noRight("patch", "resourcequotas"),
);
attempt(
  "take one's own quota away",
  CHECKOUT,
  remove(at("v1", OWN, "resourcequotas/priority")),
  noRight("delete", "resourcequotas"),
);
attempt(
  "raise one's own LimitRange",
  CHECKOUT,
  patch(at("v1", OWN, "limitranges/team"), { spec: { limits: [] } }),
  noRight("patch", "limitranges"),
);
attempt(
  "a LimitRange of one's own",
  CHECKOUT,
  create(at("v1", OWN, "limitranges"), object("v1", "LimitRange", { spec: { limits: [] } })),
  noRight("create", "limitranges"),
);
attempt(
  "another team's quota, as a viewer there",
  CHECKOUT,
  patch(at("v1", "team-search-api", "resourcequotas/team"), hard),
  noRight("patch", "resourcequotas"),
  { as: CHECKOUT, ...read(at("v1", "team-search-api", "resourcequotas/team")) },
);
attempt(
  "the quota of an environment",
  CHECKOUT,
  patch(at("v1", "vcluster-modernengg-dev", "resourcequotas/environment"), hard),
  noRight("patch", "resourcequotas"),
);
attempt(
  "the quota of its environment, as its syncer",
  SYNCER,
  patch(at("v1", "vcluster-modernengg-dev", "resourcequotas/environment"), hard),
  noRight("patch", "resourcequotas"),
);
attempt(
  "more than the quota",
  CHECKOUT,
  create(pods(OWN), pod({ containers: [container({ resources: { requests: { cpu: "9", memory: "1Gi" } } })] })),
  quota("team"),
  create(pods(OWN), pod({ containers: [container({ resources: { requests: { cpu: "7", memory: "1Gi" } } })] })),
);
for (const name of ["stackyard-platform", "system-node-critical"])
  attempt(
    `the priority ${name}`,
    CHECKOUT,
    create(pods(OWN), pod({ priorityClassName: name })),
    quota("priority"),
    create(pods(OWN), pod()),
  );
attempt(
  "a priority of one's own",
  CHECKOUT,
  create(
    at("scheduling.k8s.io/v1", "", "priorityclasses"),
    object("scheduling.k8s.io/v1", "PriorityClass", { value: 1000000 }),
  ),
  noRight("create", "priorityclasses"),
);
attempt(
  "one's namespace with another Pod Security level",
  CHECKOUT,
  patch(at("v1", "", `namespaces/${OWN}`), {
    metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
  }),
  noRight("patch", "namespaces"),
);
attempt(
  "one's namespace under another team's name",
  CHECKOUT,
  patch(at("v1", "", `namespaces/${OWN}`), { metadata: { labels: { "stackyard.dev/team": "ml" } } }),
  noRight("patch", "namespaces"),
);
attempt(
  "a namespace of one's own",
  CHECKOUT,
  create(at("v1", "", "namespaces"), object("v1", "Namespace", {})),
  noRight("create", "namespaces"),
);
attempt(
  "take one's namespace away",
  CHECKOUT,
  remove(at("v1", "", `namespaces/${OWN}`)),
  noRight("delete", "namespaces"),
  { as: ADMINISTRATOR, ...remove(at("v1", "", "namespaces/stackyard-teams")) },
);

// --- network -------------------------------------------------------------------------------------------------------------

const policies = at(API.network, OWN, "networkpolicies");
attempt(
  "open the network with a policy of one's own",
  CHECKOUT,
  create(policies, networkPolicy),
  policy("team-network-policies"),
);
attempt(
  "open the network as an editor",
  DOCS,
  create(at(API.network, "team-docs", "networkpolicies"), networkPolicy),
  policy("team-network-policies"),
);
attempt(
  "change what is denied by default",
  CHECKOUT,
  patch(`${policies}/default-deny`, { spec: { podSelector: { matchLabels: { a: "b" } } } }),
  policy("(platform-objects|team-network-policies)"),
);
attempt("take away what is denied by default", CHECKOUT, remove(`${policies}/default-deny`), OWNED);
attempt(
  "take the platform's mark off a policy",
  CHECKOUT,
  patch(`${policies}/allow-team`, { metadata: { labels: { "stackyard.dev/owned-by": null } } }),
  policy("(platform-objects|team-network-policies)"),
);
attempt(
  "give something the platform's mark",
  CHECKOUT,
  create(at("v1", OWN, "configmaps"), configMap({ "stackyard.dev/owned-by": "platform" })),
  OWNED,
  create(at("v1", OWN, "configmaps"), configMap({ "app.kubernetes.io/managed-by": "stackyard" })),
);
attempt(
  "a load balancer of one's own",
  CHECKOUT,
  create(at("v1", OWN, "services"), service({ type: "LoadBalancer" })),
  /opens the cluster beside the gateway/,
  create(at("v1", OWN, "services"), service({ type: "ClusterIP" })),
);
attempt(
  "a port on every node",
  CHECKOUT,
  create(at("v1", OWN, "services"), service({ type: "NodePort" })),
  /opens the cluster beside the gateway/,
  create(at("v1", OWN, "services"), service({ clusterIP: "None" })),
);
attempt(
  "an address that others' traffic goes to",
  CHECKOUT,
  create(at("v1", OWN, "services"), service({ externalIPs: ["10.96.0.1"] })),
  policy("services"),
  create(at("v1", OWN, "services"), service({})),
);
attempt(
  "endpoints of one's own Service elsewhere",
  CHECKOUT,
  create(
    at("discovery.k8s.io/v1", OWN, "endpointslices"),
    object("discovery.k8s.io/v1", "EndpointSlice", {
      addressType: "IPv4",
      endpoints: [{ addresses: ["10.0.0.10"] }],
      ports: [],
    }),
  ),
  noRight("create", "endpointslices"),
);

// --- routes ----------------------------------------------------------------------------------------------------------------

const MINE = route(["checkout.apps.127.0.0.1.nip.io"]);
attempt(
  "a route with another team's name",
  CHECKOUT,
  create(routes, route(["docs.apps.127.0.0.1.nip.io"])),
  policy("team-routes"),
  create(routes, MINE),
);
attempt(
  "a route below another team's name",
  CHECKOUT,
  create(routes, route(["shop--docs.apps.127.0.0.1.nip.io"])),
  policy("team-routes"),
  create(routes, route(["shop--checkout.apps.127.0.0.1.nip.io"])),
);
attempt(
  "a route with the name of a component",
  CHECKOUT,
  create(routes, route(["argocd.127.0.0.1.nip.io"])),
  policy("team-routes"),
  create(routes, MINE),
);
attempt(
  "a route for every host that has none",
  CHECKOUT,
  create(routes, route(undefined)),
  policy("team-routes"),
  create(routes, MINE),
);
attempt(
  "a route for all hosts",
  CHECKOUT,
  create(routes, route(["*.apps.127.0.0.1.nip.io"])),
  policy("team-routes"),
  create(routes, MINE),
);
const annotated = (key) => ({
  ...MINE,
  metadata: { ...MINE.metadata, annotations: { [`external-dns.alpha.kubernetes.io/${key}`]: "60" } },
});
for (const key of ["hostname", "set-identifier"])
  attempt(
    `a record of the DNS by the annotation ${key}`,
    CHECKOUT,
    create(routes, annotated(key)),
    policy("team-routes"),
    create(routes, annotated("ttl")),
  );
attempt(
  "a gRPC route with another team's name",
  DOCS,
  create(at(API.routes, "team-docs", "grpcroutes"), {
    ...route(["checkout.apps.127.0.0.1.nip.io"], { rules: [] }),
    kind: "GRPCRoute",
  }),
  policy("team-routes"),
  create(at(API.routes, "team-docs", "grpcroutes"), {
    ...route(["docs.apps.127.0.0.1.nip.io"], { rules: [] }),
    kind: "GRPCRoute",
  }),
);
attempt(
  "let one's routes reach another team's Service",
  CHECKOUT,
  create(
    at("gateway.networking.k8s.io/v1", "team-docs", "referencegrants"),
    object("gateway.networking.k8s.io/v1", "ReferenceGrant", {
      spec: {
        from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: OWN }],
        to: [{ group: "", kind: "Service" }],
      },
    }),
  ),
  noRight("create", "referencegrants"),
);
attempt(
  "a Gateway of one's own",
  CHECKOUT,
  create(
    at(API.routes, OWN, "gateways"),
    object(API.routes, "Gateway", {
      spec: { gatewayClassName: "platform", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
    }),
  ),
  noRight("create", "gateways"),
);
attempt(
  "change the platform's Gateway",
  CHECKOUT,
  patch(at(API.routes, "envoy-gateway-system", "gateways/platform"), { metadata: { labels: { x: "y" } } }),
  noRight("patch", "gateways"),
);
attempt(
  "take a route out from behind the sign-in",
  CHECKOUT,
  create(
    at(API.envoy, OWN, "securitypolicies"),
    object(API.envoy, "SecurityPolicy", {
      spec: { targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "x" }] },
    }),
  ),
  noRight("create", "securitypolicies"),
);
attempt(
  "patch Envoy itself",
  CHECKOUT,
  create(at(API.envoy, OWN, "envoypatchpolicies"), object(API.envoy, "EnvoyPatchPolicy", { spec: {} })),
  noRight("create", "envoypatchpolicies"),
  { as: ADMINISTRATOR, ...read(at(API.envoy, OWN, "envoypatchpolicies")) },
);

// --- nodes -----------------------------------------------------------------------------------------------------------------

for (const [what, refused, term] of [
  ["the network of the node", pod({ hostNetwork: true }), "hostNetwork"],
  ["the processes of the node", pod({ hostPID: true }), "hostPID"],
  ["the files of the node", pod({ volumes: [{ name: "v", hostPath: { path: "/" } }] }), "hostPath"],
  [
    "a port of the node",
    pod({ containers: [container({ ports: [{ containerPort: 80, hostPort: 80 }] })] }),
    "hostPort",
  ],
  ["a privileged container", privileged({ privileged: true }), "privileged"],
  ["a capability of the kernel", privileged({ capabilities: { add: ["SYS_ADMIN"] } }), "non-default capabilities"],
])
  attempt(what, CHECKOUT, create(pods(OWN), refused), security(term), create(pods(OWN), pod()));
attempt(
  "a node past the scheduler",
  CHECKOUT,
  create(pods(OWN), pod({ nodeName: "node-1" })),
  policy("team-pools"),
  create(pods(OWN), pod()),
);
attempt(
  "a pod put on a node by hand",
  CHECKOUT,
  create(
    `${pods(OWN)}/x/binding`,
    object("v1", "Binding", { metadata: { name: "x" }, target: { kind: "Node", name: "node-1" } }),
  ),
  noRight("create", "pods/binding"),
  {
    as: ADMINISTRATOR,
    reached: 404,
    ...create(
      `${pods(OWN)}/x/binding`,
      object("v1", "Binding", { metadata: { name: "x" }, target: { kind: "Node", name: "node-1" } }),
    ),
  },
);
attempt(
  "the kubelet through the API server",
  CHECKOUT,
  read(at("v1", "", "nodes/node-1/proxy/pods")),
  noRight("get", "nodes/proxy"),
  { as: ADMINISTRATOR, ...read(at("v1", "", "nodes/node-1")) },
);
attempt(
  "a node's labels",
  CHECKOUT,
  patch(at("v1", "", "nodes/node-1"), { metadata: { labels: { "stackyard.dev/team": "checkout" } } }),
  noRight("patch", "nodes"),
);
attempt("take a node away", CHECKOUT, remove(at("v1", "", "nodes/node-1")), noRight("delete", "nodes"));
attempt(
  "a volume on a node's disk",
  CHECKOUT,
  create(
    at("v1", "", "persistentvolumes"),
    object("v1", "PersistentVolume", {
      spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/" } },
    }),
  ),
  noRight("create", "persistentvolumes"),
);

// --- another team's pool ---------------------------------------------------------------------------------------------------

attempt(
  "another team's nodes by their taint",
  CHECKOUT,
  create(pods(OWN), toleration("ml")),
  policy("team-pools"),
  create(pods(OWN), toleration("checkout")),
);
attempt(
  "every node, by a toleration of everything",
  CHECKOUT,
  create(pods(OWN), pod({ tolerations: [{ operator: "Exists" }] })),
  policy("team-pools"),
  create(pods(OWN), pod({ tolerations: [{ key: "example.com/x", operator: "Exists" }] })),
);
attempt(
  "every team's nodes, by a toleration of the key",
  CHECKOUT,
  create(pods(OWN), pod({ tolerations: [{ key: "stackyard.dev/team", operator: "Exists" }] })),
  policy("team-pools"),
  create(pods(OWN), toleration("checkout")),
);
attempt(
  "another team's nodes by their label",
  CHECKOUT,
  create(pods(OWN), pod({ nodeSelector: { "stackyard.dev/team": "ml" } })),
  policy("team-pools"),
  create(pods(OWN), pod({ nodeSelector: { "stackyard.dev/team": "checkout" } })),
);
attempt(
  "another team's nodes by affinity",
  CHECKOUT,
  create(pods(OWN), affinity({ key: "stackyard.dev/team", operator: "In", values: ["checkout", "ml"] })),
  policy("team-pools"),
  create(pods(OWN), affinity({ key: "stackyard.dev/team", operator: "In", values: ["checkout"] })),
);
const inside = (namespace, spec = {}) => pod(spec, { labels: { "vcluster.loft.sh/namespace": namespace } });
attempt(
  "another team's nodes out of an environment",
  SYNCER,
  create(pods("vcluster-modernengg-dev"), inside("team-checkout", toleration("search").spec)),
  policy("team-pools"),
  create(pods("vcluster-modernengg-dev"), inside("team-checkout", toleration("checkout").spec)),
);

attempt(
  "the nodes of the cluster's own add-ons",
  CHECKOUT,
  create(pods(OWN), pod({ tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }] })),
  policy("team-pools"),
  create(pods(OWN), toleration("checkout")),
);

// --- what volumes begin with ------------------------------------------------------------------------------------------------

const DEV = "vcluster-modernengg-dev";
const filled = (kind, name, { from = "dataSource", ...metadata } = {}) => {
  const { spec, ...rest } = claim();
  const apiGroup = kind === "VolumeSnapshot" ? { apiGroup: "snapshot.storage.k8s.io" } : {};
  const labels = { "vcluster.loft.sh/namespace": "team-checkout" };
  return {
    ...rest,
    spec: { ...spec, [from]: { ...apiGroup, kind, name } },
    metadata: { name: "attempt", labels, ...metadata },
  };
};
const own = filled("PersistentVolumeClaim", "data-x-team-checkout-x-modernengg-dev");
for (const from of ["dataSource", "dataSourceRef"])
  for (const [whose, kind, name] of [
    ["the control plane's snapshot", "VolumeSnapshot", "data-modernengg-dev-0-mon"],
    ["the control plane's own", "PersistentVolumeClaim", "data-modernengg-dev-0"],
    ["another team's", "PersistentVolumeClaim", "data-x-team-docs-x-modernengg-dev"],
  ])
    attempt(
      `a copy of a volume in an environment, ${whose}, as ${from}`,
      SYNCER,
      create(at("v1", DEV, "persistentvolumeclaims"), filled(kind, name, { from })),
      policy("environment-claims"),
      create(at("v1", DEV, "persistentvolumeclaims"), own),
    );
// Of another namespace it cannot be: without a feature gate the API server drops dataSourceRef.namespace, here and inside.
const shortened = `${"data-".repeat(10)}da-0123456789`;
const asWritten = { annotations: { "vcluster.loft.sh/skip-translate": "true" } };
attempt(
  "a copy of a volume in an environment, by a name like a shortened one",
  SYNCER,
  create(at("v1", DEV, "persistentvolumeclaims"), filled("PersistentVolumeClaim", shortened, asWritten)),
  policy("environment-claims"),
  create(at("v1", DEV, "persistentvolumeclaims"), filled("PersistentVolumeClaim", shortened)),
);
attempt(
  "a name of the host for a volume inside",
  CHECKOUT,
  create(
    at("v1", OWN, "persistentvolumeclaims"),
    filled("PersistentVolumeClaim", "data-modernengg-dev-0", {
      annotations: { "vcluster.loft.sh/skip-translate": "true" },
    }),
  ),
  policy("team-claims"),
  create(at("v1", OWN, "persistentvolumeclaims"), filled("PersistentVolumeClaim", "data")),
);

// --- whose cost it is --------------------------------------------------------------------------------------------------------

attempt(
  "a pod in another team's name",
  CHECKOUT,
  create(pods(OWN), labelled({ "stackyard.dev/team": "ml" })),
  policy("team-labels"),
  create(pods(OWN), labelled({ "stackyard.dev/team": "checkout" })),
);
attempt(
  "a pod on another cost centre",
  CHECKOUT,
  create(pods(OWN), labelled({ "stackyard.dev/cost-center": "CC-2001" })),
  policy("team-labels"),
  create(pods(OWN), labelled({ "stackyard.dev/cost-center": "CC-1001" })),
);
attempt(
  "a volume on another cost centre",
  CHECKOUT,
  create(at("v1", OWN, "persistentvolumeclaims"), claim({ "stackyard.dev/cost-center": "CC-2001" })),
  policy("team-labels"),
  create(at("v1", OWN, "persistentvolumeclaims"), claim({ "stackyard.dev/cost-center": "CC-1001" })),
);
attempt(
  "the mark of an environment's pod, to be on another team's nodes",
  CHECKOUT,
  create(pods(OWN), inside("team-ml", toleration("ml").spec)),
  policy("team-pools"),
  create(pods(OWN), inside("team-ml", toleration("checkout").spec)),
);

// --- others' things ------------------------------------------------------------------------------------------------------------

attempt("another team's Secrets", CHECKOUT, read(at("v1", "team-ml", "secrets")), noRight("list", "secrets"), {
  as: CHECKOUT,
  ...read(at("v1", OWN, "secrets")),
});
attempt(
  "Secrets where one only views",
  CHECKOUT,
  read(at("v1", "team-search-api", "secrets")),
  noRight("list", "secrets"),
  { as: CHECKOUT, ...read(at("v1", "team-search-api", "configmaps")) },
);
attempt("all Secrets", CHECKOUT, read(at("v1", "", "secrets")), noRight("list", "secrets"));
attempt(
  "an environment's kubeconfig",
  SCIENTIST,
  read(at("v1", "vcluster-modernengg-prod", "secrets/vc-modernengg-prod")),
  noRight("get", "secrets"),
  { as: ADMINISTRATOR, reached: 404, ...read(at("v1", "vcluster-modernengg-prod", "secrets/vc-modernengg-prod")) },
);
attempt(
  "another environment's Secrets, as a syncer",
  SYNCER,
  read(at("v1", "vcluster-modernengg-prod", "secrets")),
  noRight("list", "secrets"),
  { as: SYNCER, ...read(at("v1", "vcluster-modernengg-dev", "secrets")) },
);
attempt(
  "a shell in another team's pod",
  CHECKOUT,
  create(`${pods("team-ml")}/x/exec?command=sh&stdout=true`),
  noRight("create", "pods/exec"),
  { as: CHECKOUT, reached: 404, ...create(`${pods(OWN)}/x/exec?command=sh&stdout=true`) },
);
attempt(
  "a shell where one only views",
  VIEWER,
  create(`${pods(OWN)}/x/exec?command=sh&stdout=true`),
  noRight("create", "pods/exec"),
  { as: VIEWER, reached: 404, ...read(`${pods(OWN)}/x/log`) },
);
attempt(
  "a tunnel to a component",
  CHECKOUT,
  create(`${pods("argocd")}/x/portforward?ports=80`),
  noRight("create", "pods/portforward"),
  { as: CHECKOUT, reached: 404, ...create(`${pods(OWN)}/x/portforward?ports=80`) },
);
attempt("another team's logs", DOCS, read(`${pods(OWN)}/x/log`), noRight("get", "pods/log"), {
  as: DOCS,
  reached: 404,
  ...read(`${pods("team-docs")}/x/log`),
});
attempt(
  "the record of one's release, and what it would make",
  CHECKOUT,
  read(at("v1", "stackyard-teams", "secrets")),
  noRight("list", "secrets"),
);
attempt(
  "another team's Deployment",
  DOCS,
  remove(at(API.apps, OWN, "deployments/x")),
  noRight("delete", "deployments"),
  { as: DOCS, reached: 404, ...remove(at(API.apps, "team-docs", "deployments/x")) },
);

// --- operators that act with rights of their own ---------------------------------------------------------------------------------

const store = {
  secretStoreRef: { kind: "ClusterSecretStore", name: "platform" },
  target: { name: "x" },
  data: [{ secretKey: "a", remoteRef: { key: "b" } }],
};
attempt(
  "a secret of the platform's store",
  CHECKOUT,
  create(at(API.secrets, OWN, "externalsecrets"), object(API.secrets, "ExternalSecret", { spec: store })),
  noRight("create", "externalsecrets"),
);
attempt(
  "a store that reads as the operator",
  CHECKOUT,
  create(
    at(API.secrets, OWN, "secretstores"),
    object(API.secrets, "SecretStore", {
      spec: { provider: { aws: { service: "SecretsManager", region: "us-west-2" } } },
    }),
  ),
  noRight("create", "secretstores"),
);
attempt(
  "a certificate for another's name",
  CHECKOUT,
  create(
    at(API.certManager, OWN, "certificates"),
    object(API.certManager, "Certificate", {
      spec: {
        secretName: "x",
        dnsNames: ["argocd.127.0.0.1.nip.io"],
        issuerRef: { kind: "ClusterIssuer", name: "platform" },
      },
    }),
  ),
  noRight("create", "certificates"),
);
attempt(
  "more room in one's AppProject",
  CHECKOUT,
  patch(at(API.argo, "argocd", "appprojects/checkout"), { spec: { destinations: [{ server: "*", namespace: "*" }] } }),
  noRight("patch", "appprojects"),
);
attempt(
  "an Application in another project",
  CHECKOUT,
  create(
    at(API.argo, "argocd", "applications"),
    object(API.argo, "Application", {
      spec: { project: "default", destination: {}, source: { repoURL: "https://example.com/x" } },
    }),
  ),
  noRight("create", "applications"),
);
attempt(
  "an Application in one's own namespace",
  CHECKOUT,
  create(
    at(API.argo, OWN, "applications"),
    object(API.argo, "Application", {
      spec: { project: "ml", destination: {}, source: { repoURL: "https://example.com/x" } },
    }),
  ),
  noRight("create", "applications"),
);
attempt(
  "Prometheus, sent to others' metrics",
  CHECKOUT,
  create(
    at(API.monitoring, OWN, "podmonitors"),
    object(API.monitoring, "PodMonitor", {
      spec: { selector: {}, namespaceSelector: { any: true }, podMetricsEndpoints: [{ port: "x" }] },
    }),
  ),
  noRight("create", "podmonitors"),
);
attempt(
  "where alerts go",
  CHECKOUT,
  create(
    at("monitoring.coreos.com/v1alpha1", OWN, "alertmanagerconfigs"),
    object("monitoring.coreos.com/v1alpha1", "AlertmanagerConfig", {
      spec: { route: { receiver: "x" }, receivers: [{ name: "x" }] },
    }),
  ),
  noRight("create", "alertmanagerconfigs"),
);

// --- what keeps all that ---------------------------------------------------------------------------------------------------------

attempt(
  "take an admission policy away",
  CHECKOUT,
  remove(at(API.admission, "", "validatingadmissionpolicies/stackyard-team-pools")),
  noRight("delete", "validatingadmissionpolicies"),
);
attempt(
  "take the binding of an admission policy away",
  CHECKOUT,
  remove(at(API.admission, "", "validatingadmissionpolicybindings/stackyard-team-pools-in-teams")),
  noRight("delete", "validatingadmissionpolicybindings"),
);
attempt(
  "a webhook that sees and changes everything",
  CHECKOUT,
  create(
    at(API.admission, "", "mutatingwebhookconfigurations"),
    object(API.admission, "MutatingWebhookConfiguration", { webhooks: [] }),
  ),
  noRight("create", "mutatingwebhookconfigurations"),
);
attempt(
  "another definition of a kind",
  CHECKOUT,
  patch(at(API.extensions, "", "customresourcedefinitions/httproutes.gateway.networking.k8s.io"), {
    metadata: { labels: { x: "y" } },
  }),
  noRight("patch", "customresourcedefinitions"),
);
attempt(
  "an API of one's own",
  CHECKOUT,
  create(
    "/apis/apiregistration.k8s.io/v1/apiservices",
    object(
      "apiregistration.k8s.io/v1",
      "APIService",
      { spec: { group: "x.example.com", version: "v1", groupPriorityMinimum: 1, versionPriority: 1 } },
      { name: "v1.x.example.com" },
    ),
  ),
  noRight("create", "apiservices"),
);
// Where the example's teams are not protected, .ci/access-refused.js protects this one meanwhile.
const PROTECTED = "team-docs";
attempt(
  "a protected team's namespace, as the administrator",
  ADMINISTRATOR,
  remove(at("v1", "", `namespaces/${PROTECTED}`)),
  policy("deletion-protection"),
  { as: ADMINISTRATOR, ...remove(at("v1", "", "namespaces/stackyard-teams")) },
);
attempt(
  "a protected team's quota, as the administrator",
  ADMINISTRATOR,
  remove(at("v1", PROTECTED, "resourcequotas/team")),
  policy("deletion-protection"),
  { as: ADMINISTRATOR, ...remove(at("v1", PROTECTED, "resourcequotas/priority")) },
);
attempt(
  "lift the protection oneself",
  DOCS,
  patch(at("v1", "", `namespaces/${PROTECTED}`), {
    metadata: { labels: { "stackyard.dev/deletion-protection": null } },
  }),
  noRight("patch", "namespaces"),
);

// Argo CD may do everything, and does it for teams: what its AppProjects should let through by mistake, admission does not.
const deployment = object(API.apps, "Deployment", {
  spec: {
    selector: { matchLabels: { a: "b" } },
    template: { metadata: { labels: { a: "b" } }, spec: { containers: [container()] } },
  },
});
const deployed = { as: ARGO_CD, ...create(at(API.apps, OWN, "deployments"), deployment) };
attempt(
  "the network through Argo CD",
  ARGO_CD,
  create(policies, networkPolicy),
  policy("team-network-policies"),
  deployed,
);
attempt("the platform's policies through Argo CD", ARGO_CD, remove(`${policies}/default-deny`), OWNED, deployed);
attempt(
  "the LimitRange through Argo CD",
  ARGO_CD,
  patch(at("v1", OWN, "limitranges/team"), { metadata: { labels: { x: "y" } } }),
  OWNED,
  deployed,
);
attempt(
  "roles through Argo CD",
  ARGO_CD,
  patch(`${bindings}/team-admin`, { subjects: [group("docs")] }),
  OWNED,
  deployed,
);
attempt("the quota through Argo CD", ARGO_CD, patch(at("v1", OWN, "resourcequotas/team"), hard), OWNED, deployed);

module.exports = { attempts, ADMINISTRATOR, ARGO_CD, OWN, PROTECTED };
