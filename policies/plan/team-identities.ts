/** Whose the identities of teams' service accounts are: their paths name a namespace and an account, and no team. */
import { TEAM_LABEL } from "../../config/names";
import { asObject, asText, type JsonObject } from "./synthesized-stack";

/** An object of a stack, on either side of a change. */
interface Placed {
  readonly type: string;
  /** Below the stack: `team-identities/team-web-uploads/role`. */
  readonly path: string;
  readonly attributes: JsonObject;
}

/**
 * The team of an object that belongs to such an identity. Where a namespace ends and the account begins cannot be told from the path: the
 * identity says its namespace, and the namespace its team.
 *
 * @param objects all of a stack
 * @returns undefined for every other object, and where the stack does not say it
 */
export function teamsOfIdentities(objects: readonly Placed[]): (path: string) => string | undefined {
  const teams = new Map<string, string>();
  for (const { type, attributes } of objects)
    if (type === "kubernetes_namespace_v1") {
      const { name, labels } = asObject(attributes["metadata"]);
      teams.set(asText(name), asText(asObject(labels)[TEAM_LABEL]));
    }
  const ofIdentity = new Map<string, string>();
  for (const { type, path, attributes } of objects) {
    const [identity, team] = [identityOf(path), teams.get(namespaceOf(type, attributes) ?? "")];
    if (identity !== undefined && team !== undefined && team !== "") ofIdentity.set(identity, team);
  }
  return (path) => ofIdentity.get(identityOf(path) ?? "");
}

const identityOf = (path: string): string | undefined => /^team-identities\/([^/]+)/.exec(path)?.[1];

function namespaceOf(type: string, attributes: JsonObject): string | undefined {
  if (type === "aws_eks_pod_identity_association") return asText(attributes["namespace"]);
  if (type !== "azurerm_federated_identity_credential") return undefined;
  return /^system:serviceaccount:([^:]+):/.exec(asText(attributes["subject"]))?.[1];
}
