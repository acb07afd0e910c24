/** The hand-written matrix of .ci/access: of the example's config, and as docs/access.md tells it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import example from "../platform.config";
import { table, tableBelow } from "./support/markdown";

type May = string | readonly string[] | undefined;
type Holders = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const ROLES = ["view", "edit", "admin"] as const;
const matrix = parse(readFileSync(join(__dirname, "..", ".ci", "access-matrix.yaml"), "utf8")) as {
  readonly holds: Readonly<Record<string, Holders>>;
  readonly rows: readonly ({ readonly what: string; readonly note?: string } & Record<(typeof ROLES)[number], May>)[];
};
test("the matrix knows each team's namespaces and groups", () => {
  const host = example.teams.flatMap(({ namespaces, groups }) =>
    namespaces.map(({ name }) => [
      name,
      Object.fromEntries(
        ROLES.filter((role) => groups[role].length > 0).map((role) => [role, groups[role].map(({ sso }) => sso)]),
      ),
    ]),
  );
  expect(matrix.holds["host"]).toEqual(Object.fromEntries(host));
});

test("the page of access has the table of the matrix", () => {
  const words = (may: May): string => {
    if (may === undefined) return "–";
    if (may === "all") return "read, write";
    if (typeof may === "string") return may;
    return may.includes("impersonate") ? "read, write, impersonate" : may.join(", ");
  };
  expect(tableBelow("access.md", "What a role may do")).toBe(
    table(
      ["in the team's own namespaces", ...ROLES],
      matrix.rows.map(({ what, note, ...may }) => [
        note === undefined ? what : `${what}: ${note}`,
        ...ROLES.map((role) => words(may[role])),
      ]),
    ),
  );
});
