/** Names of tags are the same in any case, their values are not: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources */

/** As Azure answers with them. */
export type Tags = Readonly<Record<string, string>> | null | undefined;

/** Value of a tag, however its name is spelt. */
export const tagOf = (tags: Tags, name: string): string | undefined =>
  Object.entries(tags ?? {}).find(([key]) => isSame(key, name))?.[1];

/** `tags` with `more`, which replace those of the same name: Azure refuses two that differ by case only. */
export function withTags(tags: Tags, more: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(tags ?? {}).filter(([key]) => !Object.keys(more).some((name) => isSame(key, name)));
  return { ...Object.fromEntries(kept), ...more };
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
