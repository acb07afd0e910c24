import type { KubernetesObject } from "./resources";

export interface RoleProps {
  /** Name of the Role, and of the RoleBinding. */
  readonly name: string;
  /** Where the rights are. */
  readonly namespace: string;
  /** Who has them. */
  readonly account: { readonly name: string; readonly namespace: string };
  readonly rule: {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  };
}

const RBAC = "rbac.authorization.k8s.io";

/** A service account's rights in one namespace. */
export function role({ name, namespace, account, rule }: RoleProps): readonly KubernetesObject[] {
  return [
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata: { name, namespace }, rules: [rule] },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "RoleBinding",
      metadata: { name, namespace },
      roleRef: { apiGroup: RBAC, kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", ...account }],
    },
  ];
}
