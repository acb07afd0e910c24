import { execFile } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { promisify } from "node:util";
import type { Surroundings } from "../stacks/operations";

/** Milliseconds for a tool to say its version, and for DNS to answer: Terraform first asks whether there is a newer one. */
const TOOL_PATIENCE = 20_000;
const DNS_PATIENCE = 5_000;

const run = promisify(execFile);

/** DNS as this machine asks it, and the tools on the PATH. */
export const publicSurroundings: Surroundings = {
  nameServers: (domain) => new Resolver({ timeout: DNS_PATIENCE, tries: 2 }).resolveNs(domain),
  output: async (tool, args) => {
    try {
      const { stdout, stderr } = await run(tool, [...args], { timeout: TOOL_PATIENCE });
      return stdout || stderr;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      // It is there, and complains: what it says is all there is to learn.
      const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
      return stdout || stderr;
    }
  },
};
