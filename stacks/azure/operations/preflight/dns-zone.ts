import { z } from "zod";
import { judgeDelegation } from "../../../delegation";
import { az } from "../az";
import { VERSIONS } from "./api-versions";
import { subscriptionOf, type Check } from "./check";
import { listOf } from "./shapes";

const subject = "DNS zone";

/** The zone of the records: whether it is there, public, and the one that the world asks. */
export const dnsZone: Check = {
  subject,
  needs: "Microsoft.Network/dnszones/read",
  look: async (context) => {
    const { cluster, clients, surroundings } = context;
    const { zone, resourceGroup } = cluster.dns;
    if (zone === undefined || resourceGroup === undefined)
      return [
        {
          severity: "ok",
          subject,
          found: `${cluster.domain} is made by the deploy; its output name_servers is what the zone above must delegate to`,
        },
      ];
    const found = await clients.resourceManager.find(
      {
        path: `${subscriptionOf(context)}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/dnsZones/${zone}`,
        apiVersion: VERSIONS.dns,
      },
      z.object({
        properties: z.object({ zoneType: z.string().nullish(), nameServers: listOf(z.string()) }),
      }),
    );
    if (!found)
      return [
        {
          severity: "error",
          subject,
          found: `there is no ${zone} in the group ${resourceGroup} of this subscription`,
          fix: `make it (${az(cluster, "network dns zone create", { name: zone, "resource-group": resourceGroup })}), or correct clusters.${cluster.name}.dns`,
        },
      ];
    const { zoneType, nameServers } = found.properties;
    // That it holds the domain is a rule of the config: here a zone is called by its name.
    if (zoneType === "Private")
      return [
        {
          severity: "error",
          subject,
          found: `${zone} is private: nobody outside could prove to own it, so there would be no certificates`,
          fix: "choose a public zone",
        },
      ];
    const answered = await surroundings.nameServers(zone).catch(() => undefined);
    return [
      { severity: "ok", subject, found: `${zone} is there and holds ${cluster.domain}` },
      judgeDelegation(zone, nameServers, answered),
    ];
  },
};
