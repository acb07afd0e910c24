import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Platform } from "../../config/platform";
import { imageOf } from "../helm/images";
import { reconcilingJob, secretVariable } from "../helm/jobs";
import type { KubernetesObject } from "../helm/resources";
import { teamRole } from "../sign-in";

export interface OrganisationsProps {
  readonly platform: Platform;
  /** Secret of Gitea's administrator, with `username` and `password`. */
  readonly admin: string;
  /** Gitea's address inside the cluster. */
  readonly server: string;
}

const NAME = "gitea-organisations";
const SCRIPT = "reconcile-organisations.mjs";

/** An organisation in Gitea for each team, held to the config by a Job: whenever the teams change, and every hour. */
export function organisations(props: OrganisationsProps): readonly KubernetesObject[] {
  const { platform, admin, server } = props;
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: NAME },
      data: { [SCRIPT]: readFileSync(join(__dirname, SCRIPT), "utf8") },
    },
    ...reconcilingJob({
      name: NAME,
      schedule: "37 * * * *",
      image: imageOf("node", platform.registries),
      command: ["node", `/scripts/${SCRIPT}`],
      env: [
        { name: "GITEA_URL", value: server },
        { name: "TEAMS", value: platform.teams.map(({ name }) => name).join(",") },
        secretVariable("GITEA_USER", admin, "username"),
        secretVariable("GITEA_PASSWORD", admin, "password"),
      ],
      resources: { cpu: "50m", memory: "128Mi" },
      mounts: { "/scripts": { configMap: NAME } },
    }),
  ];
}

/** Which team of which organisation a role of the realm's client is: Gitea follows it at every sign-in. */
export function groupTeamMap({ teams }: Pick<Platform, "teams">): Readonly<Record<string, object>> {
  return Object.fromEntries<object>(
    teams.flatMap((team) => [
      [teamRole(team, "admin"), { [team.name]: ["Owners"] }],
      [teamRole(team, "edit"), { [team.name]: ["Developers"] }],
      [teamRole(team, "view"), { [team.name]: ["Readers"] }],
    ]),
  );
}
