/** How much of everything a cluster's components get: `small` fits a laptop, `production` survives the loss of a node. */
export const PROFILES = ["small", "production"] as const;

export type Profile = (typeof PROFILES)[number];
