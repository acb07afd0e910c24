// An API server by HTTP, several requests at once over connections that stay open: a review by kubectl would take a process each.
//   const kube = connect(KUBECONFIG);  await kube.get("/api/v1/nodes");  await kube.post(path, object, { as: { user, groups } })
const { readFileSync } = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const { setTimeout: sleep } = require("node:timers/promises");
const { URL } = require("node:url");
const { parse } = require("yaml");

/** How many requests are under way at once. More make an API server on two cores no faster. */
const AT_ONCE = 32;
const TIMEOUT_MS = 30_000;

/** The current context of a kubeconfig: address, and credentials as a token or a client certificate. */
function connect(kubeconfig) {
  const config = parse(readFileSync(kubeconfig, "utf8"));
  const named = (list, name) => list.find((one) => one.name === name);
  const { context } = named(config.contexts, config["current-context"]);
  const { cluster } = named(config.clusters, context.cluster);
  const { user } = named(config.users, context.user);
  const pem = (inline, file) => (inline ? Buffer.from(inline, "base64") : file && readFileSync(file));

  const server = new URL(cluster.server);
  const client = server.protocol === "https:" ? https : http;
  const agent = new client.Agent({
    keepAlive: true,
    maxSockets: AT_ONCE,
    ca: pem(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    cert: pem(user["client-certificate-data"], user["client-certificate"]),
    key: pem(user["client-key-data"], user["client-key"]),
    rejectUnauthorized: !cluster["insecure-skip-tls-verify"],
  });

  /** Status and body, whatever they are; throws only when nothing answered. `as` is who the request is made as, `token` other credentials. */
  function request(method, path, object, { as, token = user.token, type = "application/json" } = {}) {
    const body = object === undefined ? undefined : JSON.stringify(object);
    const headers = {
      accept: "application/json",
      ...(body && { "content-type": type, "content-length": Buffer.byteLength(body) }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...(as && { "impersonate-user": as.user, "impersonate-group": as.groups ?? [] }),
    };
    return new Promise((resolve, reject) => {
      const options = { method, agent, headers, timeout: TIMEOUT_MS };
      const sent = client.request(new URL(path, server), options, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const json = response.headers["content-type"]?.startsWith("application/json");
          resolve({ status: response.statusCode, body: json && text ? JSON.parse(text) : text });
        });
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer in ${TIMEOUT_MS} ms: ${method} ${path}`)));
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** The body of an answer that must be a success. */
  async function must(method, path, object, options) {
    const { status, body } = await request(method, path, object, options);
    if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${body.message ?? body}`);
    return body;
  }

  return {
    request,
    get: (path, options) => must("GET", path, undefined, options),
    post: (path, object, options) => must("POST", path, object, options),
    delete: (path, options) => must("DELETE", path, undefined, options),
    close: () => agent.destroy(),
  };
}

/** What `work` makes of each item, in their order, a fixed number of them under way. */
async function inParallel(items, work, atOnce = AT_ONCE) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

/** Waits until it is so: caches of the API server, and the controller that adds up roles, are a moment behind. */
async function until(what, done) {
  for (let attempt = 0; attempt < 60; attempt++) {
    if (await done()) return;
    await sleep(500);
  }
  throw new Error(`waited 30 s in vain: ${what}`);
}

module.exports = { connect, inParallel, until };
