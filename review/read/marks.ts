/** Terraform's marks of what is sensitive or unknown: a tree of `true` beside a value. */
import type { Json } from "../../policies/plan/synthesized-stack";

/** Whether anything is marked. */
export function isMarked(marks: Json): boolean {
  if (typeof marks !== "object" || marks === null) return marks === true;
  return Object.values(marks as { readonly [key: string]: Json }).some(isMarked);
}

/** Marks of what is below a key. Where marks and values are not built alike, all of it is marked: better hidden than shown. */
export function markOf(marks: Json, key: string | number | undefined): Json {
  if (marks === true) return true;
  if (key === undefined || typeof marks !== "object" || marks === null) return false;
  const isPlace = typeof key === "number" || /^\d+$/.test(key);
  if (Array.isArray(marks) !== isPlace && !Object.hasOwn(marks, key)) return isMarked(marks);
  return Object.hasOwn(marks, key) ? ((marks as Readonly<Record<string | number, Json>>)[key] ?? false) : false;
}
