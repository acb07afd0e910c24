// A state backend on loopback: node .ci/state-server.js STACK TEMP. The simulator gives a stack a local backend, and Terraform writes a state in
// a file as a whole after each object; of a remote one, which a platform of any size has, it sends a copy every 20 seconds. What is sent is put
// into the simulator's work folder below TEMP as well, where it looks for what was made.
const { readdirSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { buffer } = require("node:stream/consumers");

const [, , stack, temp] = process.argv;
let state;

const server = createServer(async (request, response) => {
  if (request.method === "POST") {
    state = await buffer(request);
    for (const entry of readdirSync(temp, { recursive: true, withFileTypes: true })) {
      if (entry.name === "cdk.tf.json") writeFileSync(`${entry.path}/terraform.tfstate`, state);
    }
  }
  response.statusCode = state ? 200 : 404;
  response.end(request.method === "GET" ? state : undefined);
});
server.listen(0, "127.0.0.1", () => {
  const backend = { http: { address: `http://127.0.0.1:${server.address().port}/state` } };
  writeFileSync(`${stack}/backend.tf.json`, JSON.stringify({ terraform: { backend } }));
  console.log("ready");
});
