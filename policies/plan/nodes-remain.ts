import { NODE_GROUPS } from "./resource-types";
import type { PlanRule } from "./rule";
import type { ResourceChange } from "./resource-change";

const isGroup = ({ type }: ResourceChange): boolean => (NODE_GROUPS as readonly string[]).includes(type);

export const nodesRemain: PlanRule = {
  id: "nodes-remain",
  severity: "deny",
  ofChanges: true,
  why: "Without a node group nothing runs that could start nodes: DNS, autoscaler and controllers wait for ever, and so does whoever would delete what they own.",
  fix: "Make the new group first, move what runs there, and take the old one away after that; groups of the platform do so by themselves.",
  links: ["https://docs.aws.amazon.com/eks/latest/best-practices/karpenter.html"],
  check: ({ changes = [] }) => {
    const groups = changes.filter((change) => isGroup(change) && change.before !== undefined);
    const stay = changes.some(
      (change) =>
        isGroup(change) &&
        (["create", "update", "read", "none"].includes(change.action) ||
          (change.action === "replace" && change.createBeforeDestroy)),
    );
    return stay
      ? []
      : groups
          .filter(({ action }) => action === "delete" || action === "replace")
          .map((resource) => ({
            resource,
            message:
              resource.action === "delete"
                ? "is the last node group, and goes"
                : "is the only node group, and goes before the new one is there",
          }));
  },
};
