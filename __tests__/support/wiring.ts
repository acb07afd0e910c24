/* eslint-disable @typescript-eslint/no-unsafe-call -- JSON of many shapes, read by name */
/** What the objects and values of a stack refer to by name, and what is there to be referred to. */
import { parse } from "yaml";
import type { SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { metadata, ofType, valuesOf } from "./synth";

/** A thing with a name that something else may spell wrongly. */
export interface Named {
  readonly kind: "ConfigMap" | "Secret" | "Service" | "ServiceAccount" | "StorageClass";
  readonly namespace: string;
  readonly name: string;
  /** Key of a Secret or a ConfigMap, or port of a Service. */
  readonly part?: string | undefined;
}

/** A thing and who brings it: name of a release, or address of a resource. */
export interface Provided extends Named {
  readonly from: string;
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
  /** Name, or folder of one of our own. */
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
 * `helm template`, and for CloudNativePG from https://cloudnative-pg.io/documentation/current/applications/.
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
  gateway: [{ kind: "Secret", namespace: "envoy-gateway-system", name: "platform-authority", part: "ca.crt" }],
};

const ofDatabase = ({ name, namespace }: Release): readonly Named[] => [
  { kind: "Service", namespace, name: `${name}-rw`, part: "5432" },
  ...["username", "password"].map((part): Named => ({ kind: "Secret", namespace, name: `${name}-app`, part })),
];

const ofEnvironment = ({ name, namespace }: Release): readonly Named[] => [
  { kind: "Service", namespace, name, part: "443" },
  { kind: "Service", namespace, name: `${name}-etcd`, part: "2379" },
];

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
      ...(release.namespace.startsWith("vcluster-") ? ofEnvironment(release) : []),
    ].map((named): Provided => ({ ...named, from: release.name })),
  );
  return [...typed, ...released];
}

/** Every value below, with the keys that lead to it; text that is YAML itself is looked into. */
function walk(value: Any, visit: (value: Any, key: string) => void, key = ""): void {
  visit(value, key);
  if (typeof value === "string" && /secretKeyRef|clientSecret/.test(value)) walk(parse(value), visit, key);
  else if (Array.isArray(value)) value.forEach((inner) => walk(inner, visit, key));
  else if (typeof value === "object" && value !== null)
    Object.entries(value as object).forEach(([name, inner]) => walk(inner, visit, name));
}

/** `http://service.namespace:port`, also without a namespace inside its own. */
const ADDRESS = /\bhttps?:\/\/([a-z0-9-]+)(?:\.([a-z0-9-]+))?(?:\.svc)?(?::(\d+))?(?=[/"\s]|$)/g;

function inValue(value: Any, key: string, namespace: string): readonly Named[] {
  if (typeof value === "string") {
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
  return releasesOf(stack)
    .flatMap((release) => {
      const found: Reference[] = [];
      const look = (value: Any, namespace: string): void =>
        walk(value, (inner, key) =>
          inValue(inner, key, namespace).forEach((named) => found.push({ ...named, by: release.name })),
        );
      const objects = objectsOf(release);
      objects.forEach((object) => look(object, object.metadata.namespace));
      if (objects.length === 0) look(release.values, release.namespace);
      return found;
    })
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
