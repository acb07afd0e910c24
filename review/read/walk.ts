/** Two values side by side, down to what differs. */
import type { Json, JsonObject } from "../../policies/plan/synthesized-stack";
import type { Difference } from "./difference";
import { embeddedDocument } from "./documents";
import { identified, sameSet, without } from "./elements";
import { isMarked, markOf } from "./marks";
import { patchOf } from "./patch";
import {
  HIDDEN,
  hideSecrets,
  hideShapes,
  isSecretFlag,
  isSecretKey,
  namedSecret,
  saysWhere,
  secretBelow,
} from "./secrets";
import { isNothing, isObject, only, own } from "./values";

interface Marks {
  readonly before: Json;
  readonly after: Json;
  readonly unknown: Json;
  /** Below a key that holds secrets. */
  readonly secret: boolean;
  /** Inside Helm values, or a text that holds a document: a list of one is a list there, and no block of Terraform's. */
  readonly document: boolean;
}

/** Collects what differs; nothing that it finds has a secret in it. */
export class Walk {
  readonly found: Difference[] = [];
  readonly unknown: string[] = [];

  /** @param documents attributes that hold a document */
  constructor(private readonly documents: readonly string[] = []) {}

  compare(path: string, key: string, before: Json | undefined, after: Json | undefined, marks: Marks): void {
    if (marks.unknown === true) {
      this.unknown.push(path);
      return;
    }
    if (isNothing(before) && isNothing(after)) return;
    // Marks on parts of what has no parts, such as of a document that is written as a text, are about all of it.
    if (isHidden(before, marks.before) || isHidden(after, marks.after)) {
      this.hidden(path, before, after);
      return;
    }
    const [was, is] = [unwrapped(before, after, marks), unwrapped(after, before, marks)];
    const inner = was.unwrapped || is.unwrapped ? unwrappedMarks(marks) : marks;
    if (isObject(was.value) && isObject(is.value)) this.objects(path, key, was.value, is.value, inner);
    else if (Array.isArray(was.value) && Array.isArray(is.value))
      this.lists(path, key, was.value as readonly Json[], is.value as readonly Json[], inner);
    else if (typeof was.value === "string" && typeof is.value === "string")
      this.texts(path, key, was.value, is.value, inner);
    else if (was.value !== is.value) this.differ(path, key, was.value, is.value, inner);
  }

  private objects(path: string, key: string, before: JsonObject, after: JsonObject, marks: Marks): void {
    const below = secretBelow({ ...before, ...after }, key, marks.secret);
    const named = namedSecret(before) || namedSecret(after);
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      this.compare(
        joined(path, name),
        named && /^(value|default|content)$/i.test(name) ? "password" : name,
        own(before, name),
        own(after, name),
        {
          before: markOf(marks.before, name),
          after: markOf(marks.after, name),
          unknown: markOf(marks.unknown, name),
          secret: below(name),
          document: marks.document || (path === "" && this.documents.includes(name)),
        },
      );
    }
  }

  private lists(path: string, key: string, before: readonly Json[], after: readonly Json[], marks: Marks): void {
    const both = identified(before, after);
    if (both) {
      const [was, is] = both;
      for (const identity of new Set([...was.keys(), ...is.keys()])) {
        const [from, to] = [was.get(identity), is.get(identity)];
        this.compare(`${path}[${hideShapes(identity).replace(/\s+/g, " ")}]`, key, from?.value, to?.value, {
          before: markOf(marks.before, from?.index),
          after: markOf(marks.after, to?.index),
          unknown: markOf(marks.unknown, to?.index),
          secret: marks.secret,
          document: marks.document,
        });
      }
      return;
    }
    // Marked or unknown elements have no other name than their place.
    if (before.length === after.length && (before.some(isObject) || hasMarks(marks))) {
      if (!hasMarks(marks) && sameSet(before, after)) return;
      before.forEach((value, index) => {
        const isSecret = isSecretFlag(before[index - 1]) || isSecretFlag(after[index - 1]);
        this.compare(`${path}[${index}]`, isSecret ? "password" : key, value, after[index], {
          before: markOf(marks.before, index),
          after: markOf(marks.after, index),
          unknown: markOf(marks.unknown, index),
          secret: marks.secret,
          document: marks.document,
        });
      });
      return;
    }
    if (hasMarks(marks)) {
      this.hidden(path, before, after);
      return;
    }
    const [gone, come] = [without(before, after), without(after, before)];
    if (gone.length === 0 && come.length === 0) return;
    const short = JSON.stringify([before, after]).length <= 160;
    // The whole list is masked before it is cut: a flag and its value stand beside each other.
    const [hiddenBefore, hiddenAfter] = [before, after].map(
      (list) => hideSecrets(list, key, marks.secret) as readonly Json[],
    );
    this.found.push({
      path,
      before: short
        ? (hiddenBefore ?? [])
        : (hiddenBefore ?? []).filter((_, index) => gone.includes(before[index] ?? null)),
      after: short
        ? (hiddenAfter ?? [])
        : (hiddenAfter ?? []).filter((_, index) => come.includes(after[index] ?? null)),
    });
  }

  private texts(path: string, key: string, before: string, after: string, marks: Marks): void {
    if (before === after) return;
    const [was, is] = [embeddedDocument(before), embeddedDocument(after)];
    if (was !== undefined && is !== undefined) {
      // Nothing is found where only order or comments change.
      this.compare(path, key, was, is, {
        before: false,
        after: false,
        unknown: false,
        secret: marks.secret,
        document: true,
      });
      return;
    }
    const hide = (marks.secret && !saysWhere(key)) || isSecretKey(key);
    if (!hide && (before.includes("\n") || after.includes("\n")))
      this.found.push({ path, patch: patchOf(before, after) });
    else this.differ(path, key, before, after, marks);
  }

  private differ(path: string, key: string, before: Json | undefined, after: Json | undefined, marks: Marks): void {
    this.found.push({
      path,
      ...(!isNothing(before) && { before: shown(before, marks.before, key, marks.secret) }),
      ...(!isNothing(after) && { after: shown(after, marks.after, key, marks.secret) }),
    });
  }

  private hidden(path: string, before: Json | undefined, after: Json | undefined): void {
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    this.found.push({
      path,
      ...(!isNothing(before) && { before: HIDDEN }),
      ...(!isNothing(after) && { after: HIDDEN }),
    });
  }
}

/** A key that a path can carry without quotes. */
const joined = (path: string, key: string): string => {
  const shown = hideShapes(key);
  if (!/^[\w-]+$/.test(shown)) return `${path}[${JSON.stringify(shown)}]`;
  return path === "" ? shown : `${path}.${shown}`;
};

const isHidden = (value: Json | undefined, marks: Json): boolean =>
  marks === true || ((typeof value !== "object" || value === null) && !isNothing(value) && isMarked(marks));

const hasMarks = ({ before, after, unknown }: Marks): boolean => [before, after, unknown].some(isMarked);

/** A value with what is marked hidden, and what must not be shown in the rest of it. */
const shown = (value: Json | undefined, marks: Json, key: string, secret: boolean): Json =>
  hideSecrets(withoutMarked(value ?? null, marks), key, secret);

/** A value with everything hidden that is marked. */
export function withoutMarked(value: Json, marks: Json): Json {
  if (isHidden(value, marks)) return HIDDEN;
  if (typeof value !== "object" || value === null || !isMarked(marks)) return value;
  return Array.isArray(value)
    ? (value as readonly Json[]).map((inner, index) => withoutMarked(inner, markOf(marks, index)))
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutMarked(inner, markOf(marks, key))]));
}

/** A block of a plan is a list of one; beside another one or nothing it is read as the one. */
function unwrapped(
  value: Json | undefined,
  other: Json | undefined,
  { document }: Marks,
): { value: Json | undefined; unwrapped: boolean } {
  const one = only(value);
  const counterpart = only(other);
  const single = Array.isArray(value) && value.length === 1 && isObject(one);
  // Another name of a block is another value in it; in a document it is something else that has this name.
  const block = !document && isObject(counterpart);
  const named = !block && Array.isArray(value) && Array.isArray(other) && identified(value, other) !== undefined;
  return single && !named && (isObject(counterpart) || isNothing(other))
    ? { value: one, unwrapped: true }
    : { value, unwrapped: false };
}

const unwrappedMarks = (marks: Marks): Marks => ({
  ...marks,
  before: only(marks.before) ?? false,
  after: only(marks.after) ?? false,
  unknown: only(marks.unknown) ?? false,
});
