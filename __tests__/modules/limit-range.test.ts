import { limitRange } from "../../modules/limit-range";
import { platformOf, type Draft } from "../support/config";

/** Of the team docs, whose quota has no limits. */
const of = (containers: object, mode: "warn" | "enforce" = "warn") => {
  const platform = platformOf((draft: Draft) => (draft.teams.docs.containers = containers));
  const team = platform.teams.find(({ name }) => name === "docs");
  if (!team) throw new Error("there is no team docs");
  return limitRange(team.containers, { limits: undefined }, mode);
};

test("where nothing counts limits, containers get none by default", () => {
  expect(of({})).toEqual({ defaultRequest: { cpu: "50m", memory: "64Mi" } });
});

test("where admission asks for a limit of memory, they get that alone", () => {
  expect(of({}, "enforce")).toMatchObject({ default: { memory: "512Mi" } });
});

test("where there is a largest, they get the limits of the config: Kubernetes would give them the largest", () => {
  const limit = { cpu: "250m", memory: "1Gi" };
  expect(of({ limit, max: { cpu: 4, memory: "8Gi" } })).toMatchObject({
    default: limit,
    max: { cpu: "4", memory: "8Gi" },
  });
});
