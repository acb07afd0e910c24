import { block } from "./look";
import type { ResourceChange } from "./resource-change";
import type { PlanRule } from "./rule";
import { asText, type JsonObject } from "./synthesized-stack";

/** By what there is only one of a type, the most telling last; where there are several such lists, any of them will do. */
const IDENTITIES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  aws_eks_access_entry: [["cluster_name", "principal_arn"]],
  aws_eks_access_policy_association: [["cluster_name", "policy_arn", "principal_arn"]],
  aws_eks_pod_identity_association: [["cluster_name", "namespace", "service_account"]],
  aws_iam_role: [["name"]],
  azurerm_role_assignment: [
    ["scope", "role_definition_name", "principal_id"],
    ["scope", "role_definition_id", "principal_id"],
  ],
  helm_release: [["namespace", "name"]],
  kubernetes_namespace_v1: [["metadata.name"]],
  kubernetes_resource_quota_v1: [["metadata.namespace", "metadata.name"]],
};

export const movedNotRemade: PlanRule = {
  id: "moved-not-remade",
  severity: "deny",
  ofChanges: true,
  why: "Terraform does not order what goes and what comes: the cloud refuses a second one of the same identity, or what was just made is deleted with the old one. So administrators, and Terraform itself, are locked out where a group has another key.",
  fix: "Tell Terraform that it is the same, with the command in the finding, in cdktf.out/stacks/<stack>; then plan again.",
  links: [
    "https://developer.hashicorp.com/terraform/cli/commands/state/mv",
    "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html",
  ],
  check: ({ changes = [] }) => {
    const gone = new Map(
      changes
        // What is left of a replacement that broke off goes without a word: there is no second address.
        .filter(({ action, address }) => action === "delete" && !address.includes(" (deposed "))
        .flatMap(({ type, before, address }) => identitiesOf(type, before).map(({ key }) => [key, address] as const)),
    );
    return changes.filter(comes).flatMap((resource) => {
      const { type, address, after } = resource;
      return identitiesOf(type, after)
        .flatMap(({ key, name }) => {
          const old = gone.get(key);
          return old === undefined ? [] : [{ old, name }];
        })
        .slice(0, 1)
        .map(({ old, name }) => ({
          resource,
          message: `is the ${wordOf(type)} ${name} that ${old} is, which the same change destroys: terraform state mv '${old}' '${address}'`,
        }));
    });
  },
};

const comes = ({ action, importedFrom }: ResourceChange): boolean => action === "create" || importedFrom !== undefined;

interface Identity {
  readonly key: string;
  readonly name: string;
}

/** Those of which everything is known. */
function identitiesOf(type: string, attributes: JsonObject = {}): readonly Identity[] {
  return (IDENTITIES[type] ?? [])
    .map((paths) => ({ paths, values: paths.map((path) => textAt(attributes, path)) }))
    .filter(({ values }) => values.every(Boolean))
    .map(({ paths, values }) => ({ key: [type, ...paths, ...values].join("\n"), name: values.at(-1) ?? "" }));
}

function textAt(attributes: JsonObject, path: string): string {
  const [key = "", ...blocks] = path.split(".").reverse();
  return asText(blocks.reduceRight((inner, name) => block(inner[name]), attributes)[key]);
}

/** `aws_eks_access_entry` is an eks access entry. */
const wordOf = (type: string): string => type.replace(/^[a-z]+_|_v\d+$/g, "").replaceAll("_", " ");
