import type { PlanRule } from "./rule";
import type { Json } from "./synthesized-stack";

/** What the providers call the allow list of a Kubernetes API server. */
const ALLOW_LISTS: ReadonlySet<string> = new Set(["public_access_cidrs", "authorized_ip_ranges"]);

/** Nobody owns that much; two halves of the internet are all of it. */
const WIDE = /\/[0-7]$/;

export const apiNotOpen: PlanRule = {
  id: "api-not-open",
  severity: "deny",
  why: "An API server that the whole internet may reach is one leaked credential or one unpatched bug away from everybody.",
  fix: "Name the ranges of your offices, VPN and runners in the cluster's access.public; leave it out for a private API server.",
  links: ["CIS EKS 5.4.1", "CIS AKS 5.4.1", "CKV_AWS_38", "CKV_AZURE_6"],
  check: ({ resources }) =>
    resources.flatMap((resource) =>
      openLists(resource.attributes).map((name) => ({
        resource,
        message: `${name} allows half the internet or more (a range of /0 to /7)`,
      })),
    ),
};

function openLists(value: Json): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(openLists);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (!ALLOW_LISTS.has(key) || !Array.isArray(inner)) return openLists(inner);
    return (inner as readonly Json[]).some((range) => typeof range === "string" && WIDE.test(range)) ? [key] : [];
  });
}
