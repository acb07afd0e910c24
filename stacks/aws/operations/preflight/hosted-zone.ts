import { judgeDelegation } from "../../../delegation";
import type { Finding } from "../../../operations";
import { isNamed } from "../errors";
import type { Check } from "./check";

const subject = "hosted zone";

/** The zone of the records: whether it is there, public, holds the domain, and is the one that the world asks. */
export const hostedZone: Check = {
  subject,
  needs: "route53:GetHostedZone",
  look: async ({ cluster, clients, surroundings }) => {
    const { zone } = cluster.dns;
    if (zone === undefined)
      return [
        {
          severity: "ok",
          subject,
          found: `${cluster.domain} is made by the deploy; its output name_servers is what the zone above must delegate to`,
        },
      ];
    const answer = await clients
      .route53()
      .getHostedZone({ Id: zone })
      .catch((error: unknown) => {
        if (isNamed(error, "NoSuchHostedZone")) return undefined;
        throw error;
      });
    if (!answer)
      return [
        {
          severity: "error",
          subject,
          found: `there is no ${zone} in this account`,
          fix: `make it (aws route53 create-hosted-zone), or correct clusters.${cluster.name}.dns.zone`,
        },
      ];
    const name = (answer.HostedZone?.Name ?? "").replace(/\.$/, "");
    const problem = judgeZone(
      { zone, name, isPrivate: answer.HostedZone?.Config?.PrivateZone === true },
      cluster.domain,
    );
    if (problem) return [problem];
    const expected = answer.DelegationSet?.NameServers ?? [];
    const answered = await surroundings.nameServers(name).catch(() => undefined);
    return [
      { severity: "ok", subject, found: `${zone} is ${name} and holds ${cluster.domain}` },
      judgeDelegation(name, expected, answered),
    ];
  },
};

export function judgeZone(
  found: { readonly zone: string; readonly name: string; readonly isPrivate: boolean },
  domain: string,
): Finding | undefined {
  const { zone, name, isPrivate } = found;
  if (domain !== name && !domain.endsWith(`.${name}`))
    return {
      severity: "error",
      subject,
      found: `${zone} is ${name}, which does not hold the cluster's domain ${domain}`,
      fix: `choose a domain under ${name}, or the zone that holds ${domain}`,
    };
  if (isPrivate)
    return {
      severity: "error",
      subject,
      found: `${zone} (${name}) is private: nobody outside could prove to own it, so there would be no certificates`,
      fix: "choose a public zone",
    };
  return undefined;
}
