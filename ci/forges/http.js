// What the forges' APIs have in common.
const PAGE = 100;

/** An error whose message is all there is to say. */
class Refused extends Error {}

/** @param headers the token is in them, so they are in no message */
function client(headers) {
  async function ask(method, url, body) {
    const options = {
      method,
      headers: { ...headers, "content-type": "application/json", "user-agent": "stackyard" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    };
    const response = await fetch(url, options).catch((error) => {
      throw new Refused(`${method} ${url}: ${error.cause?.message ?? error.message}`);
    });
    const text = await response.text();
    if (!response.ok) throw new Refused(`${method} ${url}: ${response.status} ${text.slice(0, 300)}`);
    try {
      return text === "" ? undefined : JSON.parse(text);
    } catch {
      // Azure DevOps answers a token that it does not know with a page to sign in, and 203.
      throw new Refused(`${method} ${url}: ${response.status}, and no JSON; is the token allowed to do this?`);
    }
  }

  /** All pages of a list; the last one is the first that is not full. */
  async function all(url) {
    const found = [];
    for (let page = 1; ; page++) {
      const items = await ask("GET", `${url}${url.includes("?") ? "&" : "?"}per_page=${PAGE}&page=${page}`);
      found.push(...items);
      if (items.length < PAGE) return found;
    }
  }

  return { ask, all };
}

/** The pipeline's variables; one that is missing is an error that names it. */
const variables = (env) => (name) => {
  if (!env[name]) throw new Refused(`the variable ${name} is not set`);
  return env[name];
};

module.exports = { client, Refused, variables };
