/** Who is told of what, as the Prometheus operator and Alertmanager's own tools see it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { platformOf, type Draft } from "../support/config";
import { ofType, synth, valuesOf } from "../support/synth";

/** Set by .ci/promtool. */
const { AMTOOL: amtool, ALERTMANAGER_ROUTES: operator } = process.env;
const tools = amtool !== undefined && operator !== undefined;
if (!tools)
  console.warn("SKIPPED: AMTOOL and ALERTMANAGER_ROUTES are not set, so no route was followed; run .ci/promtool");

const smtp = { host: "smtp.acme.example:587", from: "alerts@acme.example", login: { username: "u", secret: "smtp" } };

const withTeams = (draft: Draft): void => {
  draft.teams.web.alerts = { receiver: { pagerduty: { secret: "web-pagerduty" } } };
  draft.teams.docs.alerts = { receiver: { email: { to: "docs@acme.example" } } };
  draft.teams.search = { ...draft.teams.docs, alerts: undefined };
  draft.alerts = { receiver: { slack: { channel: "#platform", secret: "platform-slack" } }, smtp };
};

(tools ? describe : describe.skip)("routes", () => {
  const work = mkdtempSync(join(tmpdir(), "stackyard-routes-"));
  afterAll(() => rmSync(work, { recursive: true }));

  function alertmanagerYaml(change: (draft: Draft) => void): string {
    const stack = synth(platformOf(change), "aws-platform");
    const releases = ofType(stack, "helm_release")
      .map(({ attributes }) => String(attributes["name"]))
      .filter((name) => name === "alerts" || name.startsWith("team-alerts-"));
    const objects = releases.flatMap((name) => valuesOf(stack, name)["resources"] as object[]);
    const file = join(work, `${releases.join()}.yaml`);
    writeFileSync(file, execFileSync(String(operator), { input: stringify(objects) }));
    return file;
  }

  const told = join(work, "told.yaml");
  beforeAll(() => renameSync(alertmanagerYaml(withTeams), told));

  const follow = (file: string, labels: readonly string[]): string =>
    execFileSync(String(amtool), ["config", "routes", "test", `--config.file=${file}`, ...labels], {
      encoding: "utf8",
    }).trim();

  test("Alertmanager takes the configuration", () => {
    expect(execFileSync(String(amtool), ["check-config", told], { encoding: "utf8" })).toContain("SUCCESS");
  });

  test.each([
    [
      "an alert about a team",
      ["alertname=TeamQuotaNearLimit", "team=web", "namespace=team-web", "severity=warning"],
      "team-web",
    ],
    [
      "an alert about another team",
      ["alertname=TeamQuotaNearLimit", "team=docs", "namespace=team-docs", "severity=warning"],
      "team-docs",
    ],
    [
      "an alert of the chart about a team's namespace",
      ["alertname=KubePodCrashLooping", "namespace=team-docs", "severity=warning"],
      "team-docs--namespaces",
    ],
    [
      "an alert about a team without a receiver",
      ["alertname=TeamQuotaNearLimit", "team=search", "namespace=team-search", "severity=warning"],
      "platform",
    ],
    [
      "an alert about a namespace that only begins like a team's",
      ["alertname=KubePodCrashLooping", "namespace=team-web-2", "severity=warning"],
      "platform",
    ],
    ["an alert about the platform", ["alertname=ComponentDown", "severity=critical"], "platform"],
  ])("%s goes to whom it is about, and to nobody else", (_what, labels, name) => {
    expect(follow(told, labels)).toBe(`monitoring/${name}/receiver`);
  });

  test.each([
    ["Watchdog", "none"],
    ["InfoInhibitor", "none"],
    ["CPUThrottlingHigh", "info"],
  ])("nobody is told of %s", (name, severity) => {
    expect(follow(told, [`alertname=${name}`, `severity=${severity}`, "namespace=gitea"])).toBe(
      "monitoring/platform/nobody",
    );
  });

  test("without a receiver of the platform's, teams are told of theirs and nobody of the rest", () => {
    const file = alertmanagerYaml((draft) => {
      draft.teams.web.alerts = { receiver: { webhook: { secret: "web-webhook" } } };
    });
    expect(follow(file, ["alertname=TeamQuotaNearLimit", "team=web"])).toBe("monitoring/team-web/receiver");
    expect(follow(file, ["alertname=ComponentDown", "severity=critical"])).toBe("nobody");
  });
});
