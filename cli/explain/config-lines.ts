/** Where in its file a place of the config stands. */
import { showPath, type Path } from "./path";

/** The parts of Babel's tree that are read here: https://github.com/babel/babel/blob/main/packages/babel-parser/ast/spec.md */
interface Node {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number } } | null;
  readonly name?: string;
  readonly value?: Node | string | number;
  readonly key?: Node;
  readonly computed?: boolean;
  readonly properties?: readonly Node[];
  readonly elements?: readonly (Node | null)[];
  readonly argument?: Node;
  readonly arguments?: readonly Node[];
  readonly expression?: Node;
  readonly declaration?: Node;
  readonly declarations?: readonly { readonly id: Node; readonly init?: Node | null }[];
}

export interface Line {
  /** Counted from 1. */
  readonly line: number;
  /** Whether the place itself stands there; else it is made by what does: a variable from elsewhere, a function. */
  readonly exact: boolean;
}

/** Finds lines of one file. */
export type LineOf = (path: Path) => Line | undefined;

/**
 * Reads a config file whose default export is `definePlatform({ … })`.
 *
 * @param source TypeScript or JavaScript
 * @param filename for error messages
 */
export function linesOf(source: string, filename: string): LineOf {
  const lines = new Map<string, Line | undefined>();
  const { find } = parseWith(source, filename, (body) => {
    const root = configOf(body);
    return { find: (path: Path) => (root ? follow(root, path, body) : undefined) };
  });
  return (path) => {
    const key = showPath(path);
    if (!lines.has(key)) lines.set(key, find(path));
    return lines.get(key);
  };
}

/** The tree is Babel's, which jiti brings along; jiti, which reads projects' configs, then makes JavaScript of it: nobody needs that here. */
function parseWith<T>(source: string, filename: string, read: (body: readonly Node[]) => T): T {
  let result: T | undefined;
  const plugin = () => ({
    pre: ({ ast }: { readonly ast: { readonly program: { readonly body: readonly Node[] } } }) => {
      // A copy, because what follows changes the tree.
      result = read(structuredClone(ast.program.body));
    },
    visitor: {},
  });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the parser takes long to load, and only explanations need it
  const { createJiti } = require("jiti") as typeof import("jiti");
  createJiti(filename, { fsCache: false }).transform({ source, filename, ts: true, babel: { plugins: [plugin] } });
  if (result === undefined) throw new Error(`${filename} was not parsed`);
  return result;
}

/** What the default export gives to `definePlatform`. */
function configOf(body: readonly Node[]): Node | undefined {
  const exported = body.find(({ type }) => type === "ExportDefaultDeclaration")?.declaration;
  return exported && meant(exported, body);
}

/** The object or list behind types, names of variables in the same file, and calls such as `aws({ … })`. */
function meant(node: Node, body: readonly Node[], depth = 0): Node {
  if (depth > 20) return node;
  const inner = node.type.startsWith("TS")
    ? node.expression
    : node.type === "CallExpression"
      ? node.arguments?.[0]
      : node.type === "Identifier"
        ? variable(node.name, body)
        : undefined;
  return inner ? meant(inner, body, depth + 1) : node;
}

function variable(name: string | undefined, body: readonly Node[]): Node | undefined {
  const declarations = body.flatMap((statement) => {
    const { declarations } =
      statement.type === "ExportNamedDeclaration" ? (statement.declaration ?? statement) : statement;
    return declarations ?? [];
  });
  return declarations.find(({ id }) => id.name === name)?.init ?? undefined;
}

function follow(root: Node, path: Path, body: readonly Node[]): Line | undefined {
  let node = root;
  let line = lineOf(root);
  for (const key of path) {
    const below = typeof key === "number" ? itemOf(node, key) : propertyOf(node, key, body);
    if (!below) return line === undefined ? undefined : { line, exact: false };
    line = lineOf(below.at) ?? line;
    node = meant(below.value, body);
  }
  return line === undefined ? undefined : { line, exact: true };
}

const lineOf = ({ loc }: Node): number | undefined => loc?.start.line;

interface Below {
  readonly at: Node;
  readonly value: Node;
}

/** The last one of a name counts, as in JavaScript. */
function propertyOf(node: Node, key: string, body: readonly Node[]): Below | undefined {
  for (const property of [...(node.properties ?? [])].reverse()) {
    if (property.type === "SpreadElement" && property.argument) {
      const spread = propertyOf(meant(property.argument, body), key, body);
      if (spread) return spread;
    } else if (!property.computed && property.key && nameOf(property.key) === key) {
      const { value } = property;
      return { at: property, value: typeof value === "object" ? value : property };
    }
  }
  return undefined;
}

const nameOf = ({ name, value }: Node): string | undefined =>
  name ?? (typeof value === "string" || typeof value === "number" ? String(value) : undefined);

function itemOf({ elements = [] }: Node, index: number): Below | undefined {
  // What a spread brings moves all that follow it.
  if (elements.slice(0, index + 1).some((element) => element?.type === "SpreadElement")) return undefined;
  const item = elements[index];
  return item ? { at: item, value: item } : undefined;
}
