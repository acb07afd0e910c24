/** Options of a control plane that must be as they are: each rule is a look at one of them. */
import { block, blocks, faultsOf, isTrue, ofTypes, texts, when } from "./look";
import type { PlanRule } from "./rule";
import { asText } from "./synthesized-stack";

/** What must be in the logs of a control plane: who did what, and who signed in. */
const AUDITED = ["api", "audit", "authenticator"];

export const clusterSecretsEncrypted: PlanRule = {
  id: "cluster-secrets-encrypted",
  severity: "deny",
  why: "Without a key of one's own, whoever gets at a copy of etcd reads every Secret of every team.",
  fix: "Keep the platform's encryption_config with its KMS key.",
  links: ["CIS EKS 5.3.1", "CKV_AWS_58"],
  check: (stack) =>
    faultsOf(stack, ["aws_eks_cluster"], ({ encryption_config: encryption }) =>
      when(
        !blocks(encryption).some(({ resources }) => texts(resources).includes("secrets")),
        "does not encrypt Secrets with a key of its own",
      ),
    ),
};

export const auditLogs: PlanRule = {
  id: "audit-logs",
  severity: "deny",
  why: "Who read a Secret or changed a role can be found out afterwards only where the API server has written it down.",
  fix: "Keep the platform's logs of the control plane switched on.",
  links: ["CIS EKS 2.1.1", "CIS AKS 2.1.1", "CKV_AWS_37"],
  check: (stack) => {
    const categories = ofTypes(stack, ["azurerm_monitor_diagnostic_setting"])
      .flatMap(({ attributes }) => blocks(attributes["enabled_log"]))
      .map(({ category }) => asText(category));
    const audited = categories.some((category) => category === "kube-audit" || category === "kube-audit-admin");
    return [
      ...faultsOf(stack, ["aws_eks_cluster"], ({ enabled_cluster_log_types: types }) => {
        const missing = AUDITED.filter((type) => !texts(types).includes(type));
        return when(missing.length > 0, `does not log ${missing.join(", ")}`);
      }),
      ...faultsOf(stack, ["azurerm_kubernetes_cluster"], () =>
        when(!audited, "no diagnostic setting of the stack takes kube-audit or kube-audit-admin"),
      ),
    ];
  },
};

export const apiAuthentication: PlanRule = {
  id: "api-authentication",
  severity: "deny",
  why: "In the ConfigMap aws-auth, whoever may write one object in kube-system makes themselves an administrator, and no API says who has access.",
  fix: 'Keep authentication_mode "API"; give access by groups of the config.',
  links: ["CIS EKS 5.5.1", "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html"],
  check: (stack) =>
    faultsOf(stack, ["aws_eks_cluster"], ({ access_config: access }) => {
      const mode = asText(block(access)["authentication_mode"]) || "CONFIG_MAP";
      return when(mode !== "API", `authentication_mode is ${mode}`);
    }),
};

export const noCreatorAdmin: PlanRule = {
  id: "no-creator-admin",
  severity: "deny",
  why: "EKS makes whoever created a cluster its administrator for good, beside the groups of the config and seen in no file: the runner, mostly.",
  fix: "Keep bootstrap_cluster_creator_admin_permissions false, and name administrators in access.admins.",
  links: ["CIS EKS 4.1.1", "https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html"],
  check: (stack) =>
    faultsOf(stack, ["aws_eks_cluster"], ({ access_config: access }) =>
      when(
        block(access)["bootstrap_cluster_creator_admin_permissions"] !== false,
        "whoever creates it becomes its administrator",
      ),
    ),
};

export const noLocalAccounts: PlanRule = {
  id: "no-local-accounts",
  severity: "deny",
  why: "A local account of AKS is a certificate for everything, which no directory knows and nobody can take back from a person who leaves.",
  fix: "Keep local_account_disabled true; people sign in with Entra ID.",
  links: ["CIS AKS 5.5.1", "CKV_AZURE_141"],
  check: (stack) =>
    faultsOf(stack, ["azurerm_kubernetes_cluster"], ({ local_account_disabled: disabled }) =>
      when(!isTrue(disabled), "has local accounts"),
    ),
};

export const networkPoliciesEnforced: PlanRule = {
  id: "network-policies-enforced",
  severity: "deny",
  why: "A NetworkPolicy that nothing enforces is text: every team would reach every other team's pods.",
  fix: "Keep enableNetworkPolicy of vpc-cni on EKS, and network_policy on AKS.",
  links: ["CIS EKS 5.4.4", "CIS AKS 5.4.4", "CKV_AZURE_7"],
  check: (stack) => [
    ...faultsOf(stack, ["aws_eks_addon"], ({ addon_name: name, configuration_values: values }) =>
      when(
        name === "vpc-cni" && !/"enableNetworkPolicy":\s*"?true/.test(asText(values)),
        "vpc-cni does not enforce network policies",
      ),
    ),
    ...faultsOf(stack, ["azurerm_kubernetes_cluster"], ({ network_profile: network }) =>
      when(asText(block(network)["network_policy"]) === "", "nothing enforces network policies"),
    ),
  ],
};

export const nodeVersionSkew: PlanRule = {
  id: "node-version-skew",
  severity: "deny",
  why: "A kubelet must never be newer than its API server, nor more than three minors older: such nodes do not join, or lose their pods.",
  fix: "Upgrade the control plane first, and nodes with it; take out versions of pools that are pinned by hand.",
  links: ["https://kubernetes.io/releases/version-skew-policy/#kubelet"],
  check: (stack) => {
    const control = ofTypes(stack, ["aws_eks_cluster", "azurerm_kubernetes_cluster"])
      .map(({ attributes }) => minorOf(attributes["version"] ?? attributes["kubernetes_version"]))
      .find((minor) => minor !== undefined);
    return faultsOf(
      stack,
      ["aws_eks_node_group", "azurerm_kubernetes_cluster_node_pool", "azurerm_kubernetes_cluster"],
      (attributes) => {
        const nodes = minorOf(
          attributes["orchestrator_version"] ??
            block(attributes["default_node_pool"])["orchestrator_version"] ??
            (attributes["node_role_arn"] === undefined ? undefined : attributes["version"]),
        );
        if (control === undefined || nodes === undefined) return [];
        return when(
          nodes > control || control - nodes > 3,
          `its nodes run Kubernetes 1.${nodes}, the control plane 1.${control}`,
        );
      },
    );
  },
};

/** 35 of `1.35` and `1.35.4`. */
function minorOf(version: unknown): number | undefined {
  const minor = typeof version === "string" ? /^v?1\.(\d+)/.exec(version)?.[1] : undefined;
  return minor === undefined ? undefined : Number(minor);
}
