/** Who gets or loses what only administrators may do. */
import { texts } from "../../../policies/plan/look";
import type { ResourceChange } from "../../../policies/plan/resource-change";
import { CLUSTERS } from "../../../policies/plan/resource-types";
import { asList, asObject, asText, type Json, type JsonObject } from "../../../policies/plan/synthesized-stack";
import { embeddedDocument, mergedValues } from "../../read/documents";
import type { StackChange } from "../../read/stack-change";
import { isObject, only } from "../../read/values";
import type { Finding } from "./finding";

/** Somebody who may do something. */
interface Right {
  readonly who: string;
  /** `cluster-admin in lab` */
  readonly what: string;
  /** Of an identity that is no person's. @default false */
  readonly isWorkload?: boolean;
}

/** One side of a change, and what else changes with it. */
interface Side {
  readonly change: ResourceChange;
  readonly attributes: JsonObject;
  readonly side: "before" | "after";
  readonly changes: readonly ResourceChange[];
}

/** Who is administrator of a cluster or a tool, or has a role in Azure, and was not, or will not be. What a new cluster gives is no change. */
export function ofAdministrators({ before, after, changes }: StackChange): Finding[] {
  if (!before || !after || changes.some(isNewCluster)) return [];
  const changed = changes.filter(({ action }) => action !== "none" && action !== "read");
  const [was, is] = (["before", "after"] as const).map((side) => rightsOn(changed, side));
  const [gained, lost] = [missing(is, was), missing(was, is)];
  const names = namesOf(changes);
  return [false, true].flatMap((workloads): Finding[] => {
    const [gets, loses] = [gained, lost].map((rights) =>
      rights.filter(({ isWorkload = false }) => isWorkload === workloads),
    );
    const told = [...sentences(gets, "gets", names), ...sentences(loses, "loses", names)];
    if (told.length === 0) return [];
    const addresses = [...(gets ?? []), ...(loses ?? [])].flatMap((right) => right.addresses);
    return [
      {
        level: "caution",
        text: `${workloads ? "roles of identities" : "administrators"} change: ${told.join("; ")}`,
        addresses: [...new Set(addresses)],
      },
    ];
  });
}

const isNewCluster = ({ type, action }: ResourceChange): boolean =>
  action === "create" && CLUSTERS.some((cluster) => cluster === type);

/** A right, and the objects that give it. */
type Given = Right & { readonly addresses: readonly string[] };
type Rights = ReadonlyMap<string, Given>;

/** What comes or goes with its cluster, environment or component says nothing of who administers the rest. */
function rightsOn(changes: readonly ResourceChange[], side: "before" | "after"): Rights {
  const rights = new Map<string, Right & { addresses: string[] }>();
  for (const change of changes) {
    const attributes = change[side];
    const find = Object.hasOwn(READERS, change.type) ? READERS[change.type] : undefined;
    if (attributes === undefined || find === undefined) continue;
    if (HOLDS_MORE.test(change.type) && (!change.before || !change.after)) continue;
    for (const right of find({ change, attributes, side, changes })) {
      const key = `${right.who}\n${right.what}`;
      const known = rights.get(key) ?? { ...right, addresses: [] };
      known.addresses.push(change.address);
      rights.set(key, known);
    }
  }
  return rights;
}

/** Objects that are there for more than to say who administers. */
const HOLDS_MORE = /^(helm_release|azurerm_kubernetes_cluster)$/;

/** By type: who may do what by such an object. */
const READERS: Readonly<Record<string, (side: Side) => readonly Right[]>> = {
  aws_eks_access_policy_association: (side) => [
    {
      who: known(side.attributes["principal_arn"], side),
      what: `${asText(side.attributes["policy_arn"]).replace(/^.*\//, "")} on the cluster`,
    },
  ],
  azurerm_kubernetes_cluster: ({ attributes }) =>
    asList(
      asObject(only(attributes["azure_active_directory_role_based_access_control"]))["admin_group_object_ids"],
    ).map((id) => ({ who: asText(id), what: "cluster-admin on the cluster" })),
  azurerm_role_assignment: assigned,
  kubernetes_cluster_role_binding: boundByTerraform,
  kubernetes_cluster_role_binding_v1: boundByTerraform,
  helm_release: inRelease,
};

/** Everybody who uses a cluster has it: it fetches the cluster's address, and Kubernetes says what they may do there. */
const FETCHES_ADDRESS = "Azure Kubernetes Service Cluster User Role";

/** What comes or goes with its identity is no change of what that may do, and a team's own vault is the team's. */
function assigned(side: Side): readonly Right[] {
  const { change, attributes } = side;
  const who = known(attributes["principal_id"], side);
  const role = asText(attributes["role_definition_name"]) || asText(attributes["role_definition_id"]);
  if (who === "" || role === FETCHES_ADDRESS || change.path.startsWith("team-vaults/") || comesOrGoes(who, side))
    return [];
  const what = `${role} on ${asText(attributes["scope"]).replace(/^.*\/(?=.)/, "")}`;
  return [{ who, what, ...(attributes["principal_type"] === "ServicePrincipal" && { isWorkload: true }) }];
}

/** Of an identity that is new, only the apply will know the id. */
const comesOrGoes = (who: string, { side, changes }: Side): boolean =>
  changes.some(
    ({ type, action, [side]: identity }) =>
      type === "azurerm_user_assigned_identity" && action !== "update" && asText(identity?.["principal_id"]) === who,
  );

function boundByTerraform({ attributes }: Side): readonly Right[] {
  return bound(asText(asObject(only(attributes["role_ref"]))["name"]), asList(attributes["subject"]), "on the cluster");
}

/** A service account that may do less than everything belongs to what it runs. */
const bound = (role: string, subjects: readonly Json[], where: string): readonly Right[] =>
  subjects
    .map(asObject)
    .flatMap(({ kind, name }) =>
      kind === "ServiceAccount" && role !== "cluster-admin" ? [] : [{ who: asText(name), what: `${role} ${where}` }],
    );

function inRelease({ change, attributes }: Side): readonly Right[] {
  // Reading the values of all releases would cost seconds on a large platform.
  if (!texts(attributes["values"]).some((text) => TELLS_OF_ADMINISTRATORS.test(text))) return [];
  const environment = /^environments\/([^/]+)\//.exec(change.path)?.[1];
  const where = environment === undefined ? "on the cluster" : `in ${environment}`;
  return objectsIn(mergedValues(asList(attributes["values"]))).flatMap((object) => [
    ...ofBinding(object, where),
    ...ofGateway(object),
    ...ofArgoCd(object),
    ...ofRealm(object),
  ]);
}

const TELLS_OF_ADMINISTRATORS = /ClusterRoleBinding|SecurityPolicy|policy\.csv|clientRoles/;

const ofBinding = ({ kind, roleRef, subjects }: JsonObject, where: string): readonly Right[] =>
  kind === "ClusterRoleBinding" ? bound(asText(asObject(roleRef)["name"]), asList(subjects), where) : [];

/** Tools without a sign-in of their own let administrators through by their groups. */
function ofGateway({ kind, metadata, spec }: JsonObject): readonly Right[] {
  if (kind !== "SecurityPolicy") return [];
  const what = asText(asObject(metadata)["name"]);
  return asList(asObject(asObject(spec)["authorization"])["rules"])
    .map(asObject)
    .filter(({ name }) => name === "administrators")
    .flatMap(({ principal }) => asList(asObject(asObject(principal)["jwt"])["claims"]))
    .flatMap((claim) => asList(asObject(claim)["values"]))
    .map((group) => ({ who: asText(group), what }));
}

/** https://argo-cd.readthedocs.io/en/stable/operator-manual/rbac/ */
const ofArgoCd = (object: JsonObject): readonly Right[] =>
  [...asText(object["policy.csv"]).matchAll(/^g, *([^,\n]+), *role:admin *$/gm)].map(([, who = ""]) => ({
    who,
    what: "argo-cd",
  }));

/** Groups of Keycloak's realm, and what they are in each tool. */
const ofRealm = ({ name, clientRoles }: JsonObject): readonly Right[] =>
  Object.entries(asObject(clientRoles)).flatMap(([what, roles]) =>
    asList(roles).includes("admin") ? [{ who: asText(name), what }] : [],
  );

/** Every object within a value, also in texts that hold documents. */
function objectsIn(value: Json): readonly JsonObject[] {
  if (typeof value === "string") {
    const document = TELLS_OF_ADMINISTRATORS.test(value) ? embeddedDocument(value) : undefined;
    return document === undefined ? [] : objectsIn(document);
  }
  if (typeof value !== "object" || value === null) return [];
  const below = (Array.isArray(value) ? (value as readonly Json[]) : Object.values(value)).flatMap(objectsIn);
  return isObject(value) ? [value, ...below] : below;
}

/** What two commits only refer to stands at the object that is referred to. */
function known(value: Json | undefined, { side, changes }: Side): string {
  const text = asText(value);
  const [, referred, attribute = ""] = /^\$\{(\w+\.[\w-]+)\.(\w+)\}$/.exec(text) ?? [];
  if (referred === undefined) return text;
  return asText(changes.find(({ address }) => address === referred)?.[side]?.[attribute]);
}

const missing = (from: Rights | undefined, to: Rights | undefined): readonly Given[] =>
  [...(from ?? [])].flatMap(([key, right]) => (right.who !== "" && !to?.has(key) ? [right] : []));

/** Tools and places that a sentence can hold. */
const MOST = 6;

/** `audit gets cluster-admin in lab, argo-cd` */
function sentences(rights: readonly Right[] = [], verb: string, names: ReadonlyMap<string, string>): readonly string[] {
  const byWho = new Map<string, readonly string[]>();
  for (const { who, what } of rights) byWho.set(who, [...(byWho.get(who) ?? []), what]);
  return [...byWho].map(([who, all]) => {
    // What is of a whole cluster weighs more than a tool.
    const what = [...all.filter((one) => one.includes(" ")), ...all.filter((one) => !one.includes(" "))];
    const more = what.length > MOST ? ` and ${what.length - MOST} more` : "";
    const name = names.get(who);
    return `${name === undefined ? who : `${name} (${who})`} ${verb} ${what.slice(0, MOST).join(", ")}${more}`;
  });
}

/** What the config calls whom a cloud knows by an id: paths of access entries and role assignments have it in them. */
const namesOf = (changes: readonly ResourceChange[]): ReadonlyMap<string, string> =>
  new Map(
    changes.flatMap(({ type, path, before, after }) => {
      const name = /^(?:access|team-access|key-vault\/admins|identities|team-identities)\/([^/]+)/.exec(path)?.[1];
      return name === undefined || !/^(aws_eks_access_entry|azurerm_role_assignment)$/.test(type)
        ? []
        : [before, after].flatMap((side): [string, string][] => {
            const who = asText(side?.["principal_id"]) || asText(side?.["principal_arn"]);
            return who === "" ? [] : [[who, name]];
          });
    }),
  );
