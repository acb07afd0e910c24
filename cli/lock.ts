/** Lock files: which digest each chart or image had when its source was last asked. */
import { readFileSync } from "node:fs";
import type { Answer } from "./registry";

/** What an entry is about: a chart or an image, and where it comes from. */
export type LockKey = Readonly<Record<string, string>>;

export interface Lock {
  /** Nothing in it changes while the registries stay as they are. */
  readonly text: string;
  /** Whose digest is another one than before: somebody has published something else under the same version. */
  readonly moved: readonly LockKey[];
}

type Entry = LockKey & { readonly digest: string | null };

/**
 * The lock file of today's answers. What did not answer keeps the digest that it had.
 *
 * @param section `charts` or `images`
 * @param file where the one of before is, if there is one
 */
export function makeLock(
  section: string,
  file: string,
  answers: readonly { readonly key: LockKey; readonly answer: Answer }[],
): Lock {
  const before = new Map(entriesOf(section, file).map(({ digest, ...key }) => [JSON.stringify(key), digest]));
  const entries = answers.map(
    ({ key, answer }): Entry =>
      ({
        ...key,
        digest: ("digest" in answer ? answer.digest : before.get(JSON.stringify(key))) ?? null,
      }) as Entry,
  );
  const moved = answers.filter(({ key, answer }) => {
    const known = before.get(JSON.stringify(key)) ?? undefined;
    return "digest" in answer && known !== undefined && known !== answer.digest;
  });
  return {
    text: `${JSON.stringify({ [section]: entries }, undefined, 2)}\n`,
    moved: moved.map(({ key }) => key),
  };
}

/** None where there is no file yet, or something else in it. */
function entriesOf(section: string, file: string): readonly Entry[] {
  try {
    const content = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, readonly Entry[] | undefined>>;
    return content[section] ?? [];
  } catch {
    return [];
  }
}
