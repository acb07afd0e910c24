/** The script that gives each team an organisation, as a process against a double of Gitea's API on loopback. */
import { execFile } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

const SCRIPT = join(__dirname, "..", "..", "modules", "gitea", "reconcile-organisations.mjs");

interface Team {
  readonly id: number;
  readonly name: string;
  permission: string;
  readonly members: string[];
}

/** What the script needs of Gitea 1.26: https://docs.gitea.com/api/1.26/ */
class Gitea {
  readonly organisations = new Map<string, { description: string; teams: Team[] }>();
  readonly changes: string[] = [];
  private ids = 0;
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  organisation(name: string, description: string, teams: Readonly<Record<string, readonly string[]>>): void {
    const made = Object.entries(teams).map(([team, members]) => this.team(team, "admin", members));
    this.organisations.set(name, { description, teams: made });
  }

  private team(name: string, permission: string, members: readonly string[] = []): Team {
    return { id: ++this.ids, name, permission, members: [...members] };
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    const [path = "", query] = (request.url ?? "").replace("/api/v1", "").split("?");
    const { method = "" } = request;
    const expected = `Basic ${Buffer.from("gitea-admin:secret").toString("base64")}`;
    const [status, answer] =
      request.headers.authorization === expected ? this.handle(method, path, body) : [401, { message: "no" }];
    if (method !== "GET") this.changes.push(`${method} ${path}`);
    const page = Number(new URLSearchParams(query).get("page") ?? "1");
    response.writeHead(status, { "content-type": "application/json" });
    // Pages of one, so that every list has several.
    response.end(
      status === 204 ? undefined : JSON.stringify(Array.isArray(answer) ? answer.slice(page - 1, page) : answer),
    );
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON whose shape the double knows
  private handle(method: string, path: string, body: any): [number, unknown] {
    const [, kind, name = "", , member] = path.split("/");
    if (kind === "admin")
      return [200, [...this.organisations].map(([username, { description }]) => ({ username, description }))];
    if (kind === "orgs" && method === "POST" && name === "") {
      this.organisations.set(body.username, { description: body.description, teams: [this.team("Owners", "owner")] });
      return [201, {}];
    }
    const organisation = this.organisations.get(name);
    if (kind === "orgs" && path.endsWith("/teams")) {
      if (!organisation) return [404, {}];
      if (method === "GET") return [200, organisation.teams];
      organisation.teams.push(this.team(body.name, body.permission));
      return [201, {}];
    }
    if (kind === "orgs") return organisation ? [200, {}] : [404, {}];
    const team = [...this.organisations.values()].flatMap(({ teams }) => teams).find(({ id }) => id === Number(name));
    if (!team) return [404, {}];
    if (method === "PATCH") team.permission = body.permission;
    if (method === "GET") return [200, team.members.map((login) => ({ login }))];
    if (method === "DELETE") team.members.splice(team.members.indexOf(member ?? ""), 1);
    return [method === "DELETE" ? 204 : 200, {}];
  }
}

const gitea = new Gitea();
let url = "";
beforeAll(async () => {
  url = await gitea.listen();
});
afterAll(() => gitea.close());

const run = (teams: string, password = "secret") =>
  promisify(execFile)(process.execPath, [SCRIPT], {
    env: { GITEA_URL: url, GITEA_USER: "gitea-admin", GITEA_PASSWORD: password, TEAMS: teams },
  });

test("a team gets an organisation with a team for each role, once", async () => {
  await run("checkout,search");
  await run("checkout,search");
  expect(gitea.changes.filter((change) => change === "POST /orgs")).toHaveLength(2);
  expect(gitea.organisations.get("checkout")?.teams.map(({ name, permission }) => [name, permission])).toEqual([
    ["Owners", "owner"],
    ["Developers", "write"],
    ["Readers", "read"],
  ]);
});

test("rights that were changed by hand are as they were", async () => {
  const readers = gitea.organisations.get("search")?.teams.find(({ name }) => name === "Readers");
  if (!readers) throw new Error("no readers");
  readers.permission = "admin";
  await run("checkout,search");
  expect(readers.permission).toBe("read");
});

test("nobody of a team that left keeps access, and the repositories stay", async () => {
  gitea.organisations.get("search")?.teams[0]?.members.push("anna", "gitea-admin", "ben");
  const { stdout } = await run("checkout");
  expect(gitea.organisations.get("search")?.teams[0]?.members).toEqual(["gitea-admin"]);
  expect(stdout).toContain("took anna out of search, Owners");
  expect(gitea.changes.filter((change) => change.startsWith("DELETE /orgs"))).toEqual([]);
});

test("an organisation that is no team's has no members, whoever made it and whatever it says of itself", async () => {
  gitea.organisation("guild", "a guild", { Owners: ["carla"] });
  await run("checkout");
  expect(gitea.organisations.get("guild")?.teams[0]?.members).toEqual([]);
});

test("a refusal fails the Job, and says what was asked", async () => {
  await expect(run("checkout", "wrong")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("GET /orgs/checkout: 401"),
  });
});
