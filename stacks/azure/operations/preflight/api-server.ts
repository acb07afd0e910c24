import type { AzureCluster } from "../../../../config/clouds/azure";
import type { Finding } from "../../../operations";
import type { Check } from "./check";

/** Whether whoever runs Terraform can reach the API server; the config says it. */
export const apiServer: Check = {
  subject: "API server",
  needs: "nothing",
  look: ({ cluster }) => Promise.resolve(judgeReach(cluster)),
};

export function judgeReach({
  name,
  access,
  existing,
  network,
  layout,
}: Pick<AzureCluster, "name" | "access" | "existing" | "network" | "layout">): readonly Finding[] {
  const subject = "API server";
  // Who reaches that one is its owner's matter.
  if (existing) return [];
  if (access.public.length > 0)
    return [{ severity: "ok", subject, found: `reachable from ${access.public.join(", ")}: be there when you deploy` }];
  if (network.existing)
    return [
      {
        severity: "ok",
        subject,
        found: "private: run Terraform from inside the network, or from one that is connected",
      },
    ];
  return [
    {
      severity: "warn",
      subject,
      found:
        "private, in a network that the same deploy makes and nobody is in yet: the first release would find no way in",
      fix:
        layout === "layered"
          ? "deploy the layer of the cluster, connect the network from which you run Terraform to it, then deploy the others"
          : `take layout: "layered" in clusters.${name}, or a network that exists; opening access.public until there is a way in is none, because closing it later replaces the cluster`,
    },
  ];
}
