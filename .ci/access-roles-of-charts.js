// The roles of .ci/access-roles.yaml on an API server where charts are stubs.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parseAllDocuments } = require("yaml");

const RBAC = "/apis/rbac.authorization.k8s.io/v1";

/** Path of all objects of an object's kind beside it. */
const collection = ({ kind, metadata: { namespace } }) =>
  `${RBAC}${namespace ? `/namespaces/${namespace}` : ""}/${kind.toLowerCase()}s`;

/** Puts there those that are not there yet; returns how to take them away again. */
async function bring(kube) {
  const objects = parseAllDocuments(readFileSync(join(__dirname, "access-roles.yaml"), "utf8")).map((document) =>
    document.toJS(),
  );
  const brought = [];
  for (const object of objects) {
    const { status, body } = await kube.request("POST", collection(object), object);
    if (status === 201) brought.push(object);
    else if (status !== 409) throw new Error(`${object.kind} ${object.metadata.name}: ${body.message}`);
  }
  return async () => {
    for (const object of brought) await kube.delete(`${collection(object)}/${object.metadata.name}`);
  };
}

module.exports = { bring, collection };
