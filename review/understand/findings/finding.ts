/** One thing that a reviewer has to know, and the words that all findings share. */
import type { ResourceChange } from "../../../policies/plan/resource-change";
import { asText, type Json } from "../../../policies/plan/synthesized-stack";
import { ownerOf } from "../owner";
import { stateful } from "../stateful";

/** `danger` may lose data or service; `caution` deserves a second look; `routine` is what such a change looks like. */
export type Level = "danger" | "caution" | "routine";

export interface Finding {
  readonly level: Level;
  /** A sentence without its full stop. */
  readonly text: string;
  /** @default - of nobody in particular */
  readonly team?: string;
  /** Addresses that it is about, the cause first. */
  readonly addresses: readonly string[];
}

/** The charts of releases that change, by address. */
export type Charts = ReadonlyMap<string, string>;

/** `1 object`, `24 objects` */
export const objects = (count: number): string => `${count} object${count === 1 ? "" : "s"}`;

export const teamOf = (resource: ResourceChange): { team?: string } => {
  const { kind, name } = ownerOf(resource);
  return kind === "team" ? { team: name } : {};
};

/** A value in a sentence. */
export function inWords(value: Json | undefined): string {
  if (value === undefined || value === null) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** `the network (network/vpc)` */
export function describe(
  resource: ResourceChange,
  chart: string | undefined,
): { readonly text: string; readonly loss: string; readonly stateful: boolean } {
  const state = stateful(resource, chart);
  if (state) return { text: `${state.what} (${resource.path})`, loss: `: ${state.loss}`, stateful: state.isLost };
  const name = asText((resource.before ?? resource.after ?? {})["name"]);
  return {
    text:
      chart === undefined
        ? `${resource.type} ${resource.path}${/\[.*\]$/.exec(resource.address)?.[0] ?? ""}`
        : `the release ${name} (${chart})`,
    loss: "",
    stateful: false,
  };
}
