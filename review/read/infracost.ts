/** Reads what `infracost diff --format json` or `infracost breakdown --format json` prints: https://www.infracost.io/docs/features/cli_commands/ */
import { z } from "zod";

/** It cannot be read: the message says what it is and what to do. */
export class InfracostError extends Error {
  override readonly name = "InfracostError";
}

/** Amounts are texts there, and null where nothing is known. */
const amount = z.union([z.string(), z.number()]).nullish();
const resources = z.array(z.looseObject({ name: z.string(), monthlyCost: amount })).nullish();
const breakdown = z.looseObject({ resources, totalMonthlyCost: amount }).nullish();
const shape = z.looseObject({
  currency: z.string().optional(),
  projects: z.array(
    z.looseObject({
      name: z.string().optional(),
      pastBreakdown: breakdown,
      breakdown,
      metadata: z.looseObject({ path: z.string().optional() }).nullish(),
    }),
  ),
});

export interface Priced {
  readonly currency: string;
  readonly projects: readonly PricedProject[];
}

export interface PricedProject {
  /** Its name and path, which have the stack's name in them. */
  readonly where: string;
  /** A month's cost by address. */
  readonly before: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, number>;
}

/** @throws InfracostError where the text is nothing of Infracost's. */
export function readInfracost(text: string): Priced {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InfracostError("is not JSON; write it with: infracost diff --format json");
  }
  const result = shape.safeParse(parsed);
  if (!result.success)
    throw new InfracostError("is not what Infracost prints; write it with: infracost diff --format json");
  return {
    currency: result.data.currency ?? "USD",
    projects: result.data.projects.map(({ name = "", metadata, pastBreakdown, breakdown: now }) => ({
      where: `${name} ${metadata?.path ?? ""}`,
      before: costs(pastBreakdown),
      after: costs(now),
    })),
  };
}

const costs = (side: z.infer<typeof breakdown>): ReadonlyMap<string, number> =>
  new Map(
    (side?.resources ?? []).flatMap(({ name, monthlyCost }): [string, number][] => {
      const cost = Number(monthlyCost ?? Number.NaN);
      return Number.isFinite(cost) ? [[name, cost]] : [];
    }),
  );
