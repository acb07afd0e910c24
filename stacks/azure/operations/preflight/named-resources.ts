import { z } from "zod";
import type { Finding } from "../../../operations";
import { VERSIONS } from "./api-versions";
import type { Check, CheckContext } from "./check";

/** Whether what the config names by its id, and nothing else looks at, is there. */
export const namedResources: Check = {
  subject: "resources of others",
  needs: "Reader on what the config names by its id",
  look: async ({ clients, cluster }: CheckContext) => {
    const { logWorkspace, costExport } = cluster;
    const ids = [
      { field: "logWorkspace", id: logWorkspace, apiVersion: VERSIONS.workspaces },
      { field: "costExport.storageAccount", id: costExport?.storageAccount, apiVersion: VERSIONS.storage },
    ];
    const findings = await Promise.all(
      ids.map(async ({ field, id, apiVersion }) => {
        if (id === undefined) return [];
        const found = await clients.resourceManager.find({ path: id, apiVersion }, z.object({ name: z.string() }));
        return [judgeNamed(`clusters.${cluster.name}.${field}`, id, found?.name)];
      }),
    );
    return findings.flat();
  },
};

/** @param name of what is there; undefined where nothing is */
export function judgeNamed(path: string, id: string, name: string | undefined): Finding {
  const subject = path.split(".").slice(2).join(".");
  return name === undefined
    ? { severity: "error", subject, found: `there is no ${id}, or you may not read it`, fix: `correct ${path}` }
    : { severity: "ok", subject, found: `${name} is there` };
}
