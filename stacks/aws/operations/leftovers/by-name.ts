import type { Finder, Found } from "./find";

/** Karpenter makes instance profiles, and a controller that is gone first cannot remove them. */
export const instanceProfileLeftovers: Finder = {
  where: "instance profiles",
  needs: "iam:ListInstanceProfiles",
  find: async ({ cluster, name, clients }) => {
    const path = `/karpenter/${cluster.region}/${name}/`;
    const found: Found[] = [];
    for await (const page of clients.iam().paginateListInstanceProfiles({ PathPrefix: path }))
      for (const { InstanceProfileName: id = "" } of page.InstanceProfiles ?? [])
        found.push({ type: "iam:instance-profile", id, why: `path ${path}` });
    return found;
  },
};

/** A log group that is written to after Terraform removed it is made again, without an end to its logs. */
export const logGroupLeftovers: Finder = {
  where: "log groups",
  needs: "logs:DescribeLogGroups",
  find: async ({ cluster, name, clients }) => {
    if (cluster.keepLogs) return [];
    const found: Found[] = [];
    for (const prefix of [`/aws/eks/${name}/`, `/aws/vpc/${name}/`])
      for await (const page of clients.logs().paginateDescribeLogGroups({ logGroupNamePrefix: prefix }))
        for (const { logGroupName: id = "" } of page.logGroups ?? [])
          found.push({ type: "logs:log-group", id, why: `name ${prefix}…` });
    return found;
  },
};
