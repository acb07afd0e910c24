/** Whether the world asks a DNS zone. The commands judge it alike for every cloud. */
import type { Finding } from "./operations";

/** @param expected name servers of the zone @param answered what DNS answers; undefined where it does not */
export function judgeDelegation(
  name: string,
  expected: readonly string[],
  answered: readonly string[] | undefined,
): Finding {
  const subject = "delegation of the zone";
  const canonical = (server: string): string => server.toLowerCase().replace(/\.$/, "");
  const wanted = expected.map(canonical).sort();
  const fix = `in the parent zone, let the NS record of ${name} name ${wanted.join(", ")}`;
  if (answered === undefined || answered.length === 0)
    return {
      severity: "warn",
      subject,
      found: `${name} has no name servers in DNS (or DNS cannot be asked from here): nobody would find what is written there`,
      fix,
    };
  const found = answered.map(canonical).sort();
  const shared = found.filter((server) => wanted.includes(server));
  if (shared.length === 0)
    return {
      severity: "error",
      subject,
      found: `the world asks ${found.join(", ")} about ${name}, and never this zone`,
      fix,
    };
  if (shared.length < wanted.length || shared.length < found.length)
    return {
      severity: "warn",
      subject,
      found: `the world asks ${found.join(", ")} about ${name}, which is not the same list as the zone's`,
      fix,
    };
  return { severity: "ok", subject, found: `the world asks ${found.join(", ")}` };
}
