/** Findings of policies that somebody answers for, for a time: docs/policies.md. */
import { z } from "zod";
import { nonEmpty, object } from "./zod";

export const waiverSchema = object({
  rule: nonEmpty,
  stack: nonEmpty,
  address: nonEmpty.optional(),
  path: nonEmpty.optional(),
  team: nonEmpty.optional(),
  reason: nonEmpty,
  owner: nonEmpty,
  until: z.iso.date('must be a day, such as "2027-03-31"'),
});

/** As the config says, see `WaiverInput`. */
export type Waiver = Readonly<z.output<typeof waiverSchema>>;

/** What a waiver is about, beside its stack: exactly one of these. */
export const WAIVER_SCOPES = ["address", "path", "team"] as const;
