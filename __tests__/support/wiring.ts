/* eslint-disable @typescript-eslint/no-unsafe-call -- JSON of many shapes, read by name */
/** What the objects and values of a stack refer to by name, and what is there to be referred to. */
import type { SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { metadata, ofType, parsed, valuesOf } from "./synth";

/** A thing with a name that something else may spell wrongly. */
export interface Named {
  readonly kind: "ConfigMap" | "Host" | "Listener" | "Secret" | "Service" | "ServiceAccount" | "StorageClass";
  /** Empty for what belongs to the whole cluster. */
  readonly namespace: string;
  readonly name: string;
  /** Key of a Secret or a ConfigMap, or port of a Service. */
  readonly part?: string | undefined;
}

export interface Provided extends Named {
  /** Who brings it: name of a release, or address of a resource. @default - whatever order it comes in */
  readonly from?: string;
}

export interface Reference extends Named {
  /** Release that refers. */
  readonly by: string;
}

/** Whatever JSON there is. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
type Any = any;

export interface Release {
  readonly address: string;
  readonly name: string;
  readonly namespace: string;
  /** Name of a public chart, or folder of one of ours. */
  readonly chart: string;
  readonly values: Any;
}

export const releasesOf = (stack: SynthesizedStack): readonly Release[] =>
  ofType(stack, "helm_release").map(({ address, attributes }) => ({
    address,
    chart: String(attributes["chart"]),
    name: String(attributes["name"]),
    namespace: String(attributes["namespace"]),
    values: valuesOf(stack, String(attributes["name"])),
  }));

export const objectsOf = ({ values, namespace }: Pick<Release, "namespace" | "values">): readonly Any[] =>
  (Array.isArray(values.resources) ? values.resources : [])
    .filter((object: Any) => object.kind !== undefined)
    .map((object: Any) => ({ ...object, metadata: { namespace, ...object.metadata } }));

/**
 * Services, ports and Secrets that the charts of others make with our values, and their operators: rendered from the pinned charts with
 * `helm template` (CI compares: .ci/wiring), and for CloudNativePG from https://cloudnative-pg.io/documentation/current/applications/.
 */
const OF_CHARTS: Readonly<Record<string, readonly Named[]>> = {
  gitea: [{ kind: "Service", namespace: "gitea", name: "gitea-http", part: "3000" }],
  keycloak: [{ kind: "Service", namespace: "keycloak", name: "keycloak-keycloakx-http", part: "80" }],
  kubecost: [{ kind: "Service", namespace: "kubecost", name: "kubecost-frontend", part: "9090" }],
  opencost: [
    { kind: "Service", namespace: "opencost", name: "opencost", part: "9090" },
    { kind: "Service", namespace: "opencost", name: "opencost", part: "9003" },
  ],
  "external-secrets": [{ kind: "ServiceAccount", namespace: "external-secrets", name: "external-secrets" }],
  "kube-prometheus-stack": [
    { kind: "Service", namespace: "monitoring", name: "kube-prometheus-stack-prometheus", part: "9090" },
    { kind: "Service", namespace: "monitoring", name: "kube-prometheus-stack-alertmanager", part: "9093" },
  ],
};

const ofDatabase = ({ name, namespace }: Release): readonly Named[] => [
  { kind: "Service", namespace, name: `${name}-rw`, part: "5432" },
  ...["username", "password"].map((part): Named => ({ kind: "Secret", namespace, name: `${name}-app`, part })),
];

const ofEnvironment = ({ name, namespace, values }: Release): readonly Named[] => [
  { kind: "Service", namespace, name, part: "443" },
  ...(values.controlPlane?.backingStore?.etcd?.deploy?.enabled === true
    ? [{ kind: "Service", namespace, name: `${name}-etcd`, part: "2379" } as const]
    : []),
];

/** Without an issuer the gateway has an authority of its own. */
const ofGateway = ({ namespace, values }: Release): readonly Named[] =>
  values.issuer ? [] : [{ kind: "Secret", namespace, name: "platform-authority", part: "ca.crt" }];

const ofCluster = (kind: Named["kind"], name: string): Provided => ({ kind, namespace: "", name });

/** The stack's own classes; without any that of kind: https://kind.sigs.k8s.io/ */
function storageClasses(stack: SynthesizedStack): readonly Provided[] {
  const own = ofType(stack, "kubernetes_storage_class_v1").map((resource) => String(metadata(resource)["name"]));
  return (own.length > 0 ? own : ["standard"]).map((name) => ofCluster("StorageClass", name));
}

/** Hosts of routes: of the charts' own, and of ours. */
const hostsOf = (releases: readonly Release[]): readonly string[] =>
  releases.flatMap(({ values }) => {
    const found: string[] = [];
    walk(values, (value, key) => {
      if (key === "hostnames" && Array.isArray(value)) found.push(...(value as string[]));
    });
    return values.parent && typeof values.host === "string" ? [...found, values.host as string] : found;
  });

const domainOf = (releases: readonly Release[]): string =>
  String(releases.find(({ name }) => name === "gateway")?.values.domain);

/** Keys that an ExternalSecret gives its Secret; a copy without a template has those of its source. */
function keysOf({ spec }: Any, all: readonly Any[]): readonly string[] {
  if (spec.target.template?.data) return Object.keys(spec.target.template.data as object);
  if (spec.data) return spec.data.map((entry: Any) => entry.secretKey);
  const source = all.find(
    ({ metadata }) =>
      metadata.name === spec.dataFrom[0].extract?.key && metadata.namespace === spec.secretStoreRef?.name,
  );
  return source ? keysOf(source, all) : ["password"];
}

/** What the stack's releases bring. */
export function provided(stack: SynthesizedStack): readonly Provided[] {
  const releases = releasesOf(stack);
  const objects = releases.flatMap(objectsOf);
  const ofObject = (object: Any): readonly Named[] => {
    const { namespace, name } = object.metadata;
    switch (object.kind) {
      case "ExternalSecret":
        return keysOf(object, objects).map((part) => ({
          kind: "Secret",
          namespace,
          name: object.spec.target.name,
          part,
        }));
      case "ConfigMap":
        return [{ kind: "ConfigMap", namespace, name }];
      case "ServiceAccount":
        return [{ kind: "ServiceAccount", namespace, name }];
      default:
        return [];
    }
  };
  const typed = ofType(stack, "kubernetes_config_map_v1").map((resource): Provided => {
    const { namespace, name } = metadata(resource) as Any;
    return { kind: "ConfigMap", namespace, name, from: resource.address };
  });
  const released = releases.flatMap((release) =>
    [
      ...objectsOf(release).flatMap(ofObject),
      ...(OF_CHARTS[release.name] ?? []),
      ...(release.name.endsWith("-db") ? ofDatabase(release) : []),
      ...(release.chart === "vcluster" ? ofEnvironment(release) : []),
      ...(release.name === "gateway" ? ofGateway(release) : []),
    ].map((named): Provided => ({ ...named, from: release.name })),
  );
  return [
    ...typed,
    ...released,
    ...storageClasses(stack),
    ...hostsOf(releases).map((host) => ofCluster("Host", host)),
    ofCluster("Listener", `*.${domainOf(releases)}`),
  ];
}

/** Every value below, with the keys that lead to it; text that is YAML itself is looked into. */
function walk(value: Any, visit: (value: Any, key: string) => void, key = ""): void {
  visit(value, key);
  if (typeof value === "string" && /secretKeyRef|clientSecret/.test(value)) walk(parsed(value), visit, key);
  else if (Array.isArray(value)) value.forEach((inner) => walk(inner, visit, key));
  else if (typeof value === "object" && value !== null)
    Object.entries(value as object).forEach(([name, inner]) => walk(inner, visit, name));
}

/** `http://service.namespace:port`, also without a namespace inside its own. */
const ADDRESS = /\bhttps?:\/\/([a-z0-9-]+)(?:\.([a-z0-9-]+))?(?:\.svc)?(?::(\d+))?(?=[/"\s]|$)/g;

/** Hosts below the platform's domain in addresses; those of teams are on a listener of their own. */
const hostsIn = (text: string, domain: string): readonly Named[] =>
  [...text.matchAll(/https?:\/\/([a-z0-9.-]+)/g)]
    .map(([, host = ""]) => host)
    .filter((host) => host.endsWith(`.${domain}`) && !host.endsWith(`.apps.${domain}`))
    .map((host) => ofCluster("Host", host));

function inValue(value: Any, key: string, namespace: string): readonly Named[] {
  if (typeof value === "string") {
    if (/^(storageClass(Name)?|defaultStorageClass)$/.test(key) && value !== "")
      return [ofCluster("StorageClass", value)];
    const argo = [...value.matchAll(/^\$([a-z-]+):([\w.-]+)$/g)].map(([, name = "", part]): Named => ({
      kind: "Secret",
      namespace,
      name,
      part,
    }));
    const services = [...value.matchAll(ADDRESS)].map(([text, name = "", of, port]): Named => ({
      kind: "Service",
      namespace: of ?? namespace,
      name,
      part: port ?? (text.startsWith("https") ? "443" : "80"),
    }));
    const existing: readonly Named[] = /existingSecret$/i.test(key) ? [{ kind: "Secret", namespace, name: value }] : [];
    return [...argo, ...services, ...existing];
  }
  if (typeof value !== "object" || value === null) return [];
  switch (key) {
    case "secretKeyRef":
      return [{ kind: "Secret", namespace, name: value.name, part: value.key }];
    case "clientSecret":
      return [{ kind: "Secret", namespace, name: value.name, part: "client-secret" }];
    case "configMap":
      return [{ kind: "ConfigMap", namespace, name: value.name }];
    case "backendRefs":
      return value.name === undefined
        ? []
        : [{ kind: "Service", namespace, name: value.name, part: String(value.port) }];
    case "subjects":
      return value.kind === "ServiceAccount"
        ? [{ kind: "ServiceAccount", namespace: value.namespace, name: value.name }]
        : [];
    default:
      return [];
  }
}

/** Namespaces whose Services are the API server's and the outside's, not a release's. */
const outside = ({ kind, namespace, name }: Named): boolean =>
  kind === "Service" && (namespace === "default" || name === "localhost" || namespace === "svc");

/** What the stack's releases name. */
export function referred(stack: SynthesizedStack): readonly Reference[] {
  const domains = new Set(["com", "example", "io", "dev", "org"]);
  const releases = releasesOf(stack);
  const domain = domainOf(releases);
  const claims = ofType(stack, "kubernetes_persistent_volume_claim_v1").map(({ address, attributes }): Reference => ({
    ...ofCluster("StorageClass", String((attributes["spec"] as Any).storage_class_name)),
    by: address,
  }));
  // `*.<domain>`, of listener and certificate, is for one label more.
  const listeners = hostsOf(releases).map((host): Reference => ({
    ...ofCluster("Listener", host.replace(/^[^.]+/, "*")),
    by: `route of ${host}`,
  }));
  return releases
    .flatMap((release) => {
      const found: Reference[] = [];
      const look = (value: Any, namespace: string): void =>
        walk(value, (inner, key) => {
          const hosts = typeof inner === "string" ? hostsIn(inner, domain) : [];
          for (const named of [...inValue(inner, key, namespace), ...hosts]) found.push({ ...named, by: release.name });
        });
      const objects = objectsOf(release);
      objects.forEach((object) => look(object, object.metadata.namespace));
      if (objects.length === 0) look(release.values, release.namespace);
      return found;
    })
    .concat(claims, listeners)
    .filter((reference) => !outside(reference) && !domains.has(reference.namespace));
}

/** References to what is not there. */
export function dangling(references: readonly Reference[], there: readonly Named[]): readonly Reference[] {
  return references.filter(
    ({ kind, namespace, name, part }) =>
      !there.some(
        (named) =>
          named.kind === kind &&
          named.namespace === namespace &&
          named.name === name &&
          (part === undefined || named.part === undefined || named.part === part),
      ),
  );
}
