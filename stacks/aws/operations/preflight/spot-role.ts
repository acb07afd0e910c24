import { poolId } from "../../../../config/node-pools";
import { poolsOn } from "../../../../config/platform";
import type { Finding } from "../../../operations";
import { isNamed } from "../errors";
import type { Check } from "./check";
import { isOurs } from "./ours";

const subject = "role of spot";
const ROLE = "AWSServiceRoleForEC2Spot";

/** Without this role an account gets no spot machines: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html */
export const spotRole: Check = {
  subject,
  needs: "iam:GetRole",
  look: async ({ platform, cluster, clients, own }) => {
    const pools = poolsOn(platform, cluster).filter(({ capacity }) => capacity !== "on-demand");
    const wanted = cluster.spotServiceLinkedRole === "create";
    if (pools.length === 0 && !wanted) return [];
    const role = await clients
      .iam()
      .getRole({ RoleName: ROLE })
      .catch((error: unknown) => {
        if (isNamed(error, "NoSuchEntityException")) return undefined;
        throw error;
      });
    const ours = isOurs(own, role?.Role ?? {});
    return [judgeSpotRole({ there: role !== undefined, ours, wanted, name: cluster.name, pools: pools.map(poolId) })];
  },
};

export function judgeSpotRole(found: {
  readonly there: boolean;
  /** Made by this cluster's stack. */
  readonly ours: boolean;
  /** To be made by it. */
  readonly wanted: boolean;
  readonly name: string;
  readonly pools: readonly string[];
}): Finding {
  const { there, ours, wanted, name, pools } = found;
  const path = `clusters.${name}.spotServiceLinkedRole`;
  if (wanted && there && !ours)
    return {
      severity: "error",
      subject,
      found: `${ROLE} is there already, and making it again fails`,
      fix: `take ${path} out`,
    };
  if (!wanted && !there)
    return {
      severity: "error",
      subject,
      found: `the account has no ${ROLE}, so there would be no spot machines for ${pools.join(", ")}`,
      fix: `set ${path} to "create", or: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com`,
    };
  return { severity: "ok", subject, found: there ? `${ROLE} is there` : `${ROLE} is made by the deploy` };
}
