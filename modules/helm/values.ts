/** Helm values: read, layered, and written as one YAML document that Terraform can interpolate. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Token } from "cdktf";
import { deepmergeCustom } from "deepmerge-ts";
import { Document, parse, Scalar, visit } from "yaml";
import type { Profile } from "../../config/profiles";

export type HelmValues = Readonly<Record<string, unknown>>;

/** Maps merge, arrays replace: as Helm merges `-f` files. */
const merge = deepmergeCustom({ mergeArrays: false });

const files = new Map<string, HelmValues>();

/** A file of charts-values/, such as `"gitea"` or `"vcluster/dev"`. */
export function readValues(name: string): HelmValues {
  const known = files.get(name);
  if (known) return known;
  const values = (parse(readFileSync(path(name), "utf8")) ?? {}) as HelmValues;
  files.set(name, values);
  return values;
}

/** A file of charts-values/ and, on top of it, what the file of the same name in the profile's folder says, where there is one. */
export function readProfileValues(name: string, profile: Profile): HelmValues {
  const own = `${profile}/${name}`;
  return existsSync(path(own)) ? layerValues(readValues(name), readValues(own)) : readValues(name);
}

const path = (name: string): string => join(__dirname, "..", "..", "charts-values", `${name}.yaml`);

/** Later layers win. */
export function layerValues(...layers: readonly HelmValues[]): HelmValues {
  return merge(...layers) as HelmValues;
}

/**
 * YAML with sorted keys. Strings that hold Terraform references are quoted, so that no value can break the document; a literal
 * `${` is escaped, so that Terraform leaves it alone. Helm reads YAML 1.1, where a bare `yes` or `on` is a boolean: those are
 * quoted, too.
 */
export function renderValues(values: HelmValues): string {
  const document = new Document(values, { sortMapEntries: true, aliasDuplicateObjects: false, compat: "yaml-1.1" });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== "string") return;
      if (Token.isUnresolved(node.value)) node.type = Scalar.QUOTE_DOUBLE;
      else node.value = node.value.replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
    },
  });
  return document.toString({ lineWidth: 0 });
}
