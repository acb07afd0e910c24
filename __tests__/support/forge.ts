/** A double of the forges' APIs on loopback: enough of each for a pull request's comments, an issue, and who merged what. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Note {
  id: number;
  author: string;
  body: string;
  /** Who edited it last, where the forge tells. */
  editor?: string;
}

export interface ForgeState {
  /** Of the one pull request. */
  comments: Note[];
  issues: (Note & { title?: string; open: boolean })[];
  /** Numbers of the pull requests that the commit came with. */
  merged: number[];
  /** Answers everything with it. */
  failure?: { readonly status: number; readonly text: string };
  /** `METHOD path` of each request, the query left out. */
  requests: string[];
}

export interface Forge {
  readonly url: string;
  readonly state: ForgeState;
  readonly close: () => Promise<void>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of three APIs, whose shape each knows
type Answer = (request: { method: string; url: URL; body: any; state: ForgeState }) => unknown;

/** The token's own name, on every forge. */
export const ME = "github-actions[bot]";
const TOKEN = "t0ken";

export async function startForge(initial: Partial<ForgeState> = {}): Promise<Forge> {
  const state: ForgeState = { comments: [], issues: [], merged: [], requests: [], ...initial };
  const server: Server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const url = new URL(request.url ?? "", "http://forge");
      const method = request.method ?? "";
      state.requests.push(`${method} ${url.pathname}`);
      const { failure } = state;
      const allowed = [request.headers.authorization, request.headers["private-token"]].some((given) =>
        [TOKEN, `Bearer ${TOKEN}`].includes(String(given)),
      );
      if (failure || !allowed) {
        response.writeHead(failure?.status ?? 401).end(failure?.text ?? "Bad credentials");
        return;
      }
      const body = text === "" ? undefined : JSON.parse(text);
      const answer = [github, gitlab, azureDevops].map((of) => of({ method, url, body, state })).find(Boolean);
      response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? { message: "Not Found" }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** What a pipeline of each forge finds in its environment. */
export const PIPELINES = {
  github: (url: string) => ({
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: `${url}/github`,
    GITHUB_GRAPHQL_URL: `${url}/github/graphql`,
    GITHUB_SERVER_URL: "https://forge.example.com",
    GITHUB_REPOSITORY: "acme/platform",
    GITHUB_RUN_ID: "77",
    GITHUB_SHA: "c0ffee",
    GITHUB_TOKEN: TOKEN,
    PULL_REQUEST: "5",
    HEAD_SHA: "0123456789abcdef",
  }),
  gitlab: (url: string) => ({
    GITLAB_CI: "true",
    CI_API_V4_URL: `${url}/gitlab`,
    CI_PROJECT_ID: "9",
    CI_MERGE_REQUEST_IID: "5",
    CI_COMMIT_SHA: "c0ffee",
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "0123456789abcdef",
    CI_PIPELINE_URL: "https://forge.example.com/pipelines/77",
    GITLAB_TOKEN: TOKEN,
  }),
  "azure-devops": (url: string) => ({
    TF_BUILD: "True",
    SYSTEM_COLLECTIONURI: `${url}/azure/`,
    SYSTEM_TEAMPROJECTID: "p",
    BUILD_REPOSITORY_ID: "r",
    BUILD_BUILDID: "77",
    BUILD_SOURCEVERSION: "c0ffee",
    SYSTEM_PULLREQUEST_PULLREQUESTID: "5",
    SYSTEM_PULLREQUEST_SOURCECOMMITID: "0123456789abcdef",
    SYSTEM_ACCESSTOKEN: TOKEN,
  }),
} as const;

const pageOf = <T>(items: readonly T[], url: URL): T[] => {
  const size = Number(url.searchParams.get("per_page") ?? 30);
  return items.slice((Number(url.searchParams.get("page") ?? 1) - 1) * size).slice(0, size);
};

const add = <T extends Note>(items: T[], item: Omit<T, "id" | "author">): T => {
  const added = { id: items.length + 1, author: ME, ...item } as T;
  items.push(added);
  return added;
};

/** Changes one that there is; undefined, and so 404, where there is none. */
const change = <T extends Note>(items: readonly T[], id: string | undefined, changes: Partial<T>): T | undefined => {
  const found = items.find((item) => item.id === Number(id));
  return found && Object.assign(found, changes);
};

const github: Answer = ({ method, url, body, state }) => {
  const repository = "/github/repos/acme/platform";
  const [, id] = /\/(\d+)$/.exec(url.pathname) ?? [];
  const json = ({ id, author, body }: Note) => ({ id, node_id: `node-${id}`, body, user: { login: author } });
  switch (`${method} ${url.pathname.replace(repository, "").replace(/\/\d+$/, "/N")}`) {
    case "GET /issues/5/comments":
      return pageOf(state.comments, url).map(json);
    case "POST /issues/5/comments":
      return json(add(state.comments, { body: body.body }));
    case "PATCH /issues/comments/N":
      return change(state.comments, id, { body: body.body });
    case "GET /commits/c0ffee/pulls":
      return state.merged.map((number) => ({ number, merged_at: "2026-01-01", merge_commit_sha: "c0ffee" }));
    case "POST /github/graphql": {
      const login = state.comments.find((comment) => `node-${comment.id}` === body.variables.id)?.editor;
      return { data: { node: { editor: login === undefined ? null : { login } } } };
    }
    case "GET /issues":
      return pageOf(
        state.issues.filter(({ open }) => open),
        url,
      ).map((issue) => ({ ...json(issue), number: issue.id, id: 1000 + issue.id }));
    case "POST /issues":
      return json(add(state.issues, { title: body.title, body: body.body, open: true }));
    case "PATCH /issues/N":
      return change(state.issues, id, body.state === "closed" ? { open: false } : { body: body.body });
  }
  return undefined;
};

const gitlab: Answer = ({ method, url, body, state }) => {
  const [, id] = /\/(\d+)$/.exec(url.pathname) ?? [];
  const who = (author: string) => ({ author: { id: author === ME ? 1 : 2 } });
  switch (`${method} ${url.pathname.replace("/gitlab/projects/9", "").replace(/\/\d+$/, "/N")}`) {
    case "GET /gitlab/user":
      return { id: 1 };
    case "GET /merge_requests/5/notes":
      return pageOf(state.comments, url).map(({ id, author, body }) => ({ id, body, ...who(author) }));
    case "POST /merge_requests/5/notes":
      return add(state.comments, { body: body.body });
    case "PUT /merge_requests/5/notes/N":
      return change(state.comments, id, { body: body.body });
    case "GET /repository/commits/c0ffee/merge_requests":
      return state.merged.map((iid) => ({ iid, state: "merged" }));
    case "GET /issues":
      return pageOf(
        state.issues.filter(({ open }) => open),
        url,
      ).map(({ id, author, body }) => ({ iid: id, description: body, ...who(author) }));
    case "POST /issues":
      return add(state.issues, { title: body.title, body: body.description, open: true });
    case "PUT /issues/N":
      return change(state.issues, id, body.state_event === "close" ? { open: false } : { body: body.description });
  }
  return undefined;
};

const azureDevops: Answer = ({ method, url, body, state }) => {
  const [, id] = /threads\/(\d+)\/comments\/1$/.exec(url.pathname) ?? [];
  switch (
    `${method} ${url.pathname.replace("/azure/p/_apis/git/repositories/r", "").replace(/\d+\/comments\/1$/, "N")}`
  ) {
    case "GET /azure/_apis/connectionData":
      return { authenticatedUser: { id: ME } };
    case "GET /pullRequests/5/threads":
      return {
        value: state.comments.map(({ id, author, body }) => ({
          id,
          isDeleted: false,
          comments: [{ id: 1, content: body, author: { id: author } }],
        })),
      };
    case "POST /pullRequests/5/threads":
      return add(state.comments, { body: body.comments[0].content });
    case "PATCH /pullRequests/5/threads/N":
      return change(state.comments, id, { body: body.content });
    case "POST /pullrequestquery":
      return {
        results: [
          Object.fromEntries([
            ["c0ffee", state.merged.map((pullRequestId) => ({ pullRequestId, status: "completed" }))],
          ]),
        ],
      };
  }
  return undefined;
};
