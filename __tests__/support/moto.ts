/** A moto server: the AWS APIs on loopback, on the wire that the SDK really uses. https://docs.getmoto.org */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** Path of `moto_server`; `.ci/moto` installs one and sets it. */
const SERVER = process.env["MOTO_SERVER"];

/** `describe` where there is a server; where there is none, one line says what was left out. */
export const describeWithMoto: jest.Describe = SERVER ? describe : skipped();

function skipped(): jest.Describe["skip"] {
  process.stderr.write("SKIPPED: tests against the AWS APIs need MOTO_SERVER; run them with: bash .ci/moto\n");
  return describe.skip;
}

// The SDK is loaded outside of Jest (see environment.js), and reads what the environment is there.
declare const requiredOutside: (module: "node:process") => NodeJS.Process;
export const { env } = requiredOutside("node:process");

let server: ChildProcess | undefined;
let endpoint = "";
const before = { ...env };

/** Starts the server, and points the SDK at it by the variables that the SDK reads itself. */
export async function startMoto(): Promise<void> {
  const port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  server = spawn(SERVER ?? "", ["-H", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
    // Else every account could read every bucket.
    env: { ...env, MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS: "false" },
  });
  Object.assign(env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "testing",
    AWS_SECRET_ACCESS_KEY: "testing",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  });
  for (;;) {
    if (server.exitCode !== null) throw new Error(`moto_server ended with ${server.exitCode}`);
    const up = await fetch(`${endpoint}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Empties every account. */
export async function emptyMoto(): Promise<void> {
  await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
}

export async function stopMoto(): Promise<void> {
  for (const name of Object.keys(env)) if (!(name in before)) delete env[name];
  Object.assign(env, before);
  if (!server || server.exitCode !== null) return;
  const ended = once(server, "exit");
  server.kill();
  await ended;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
