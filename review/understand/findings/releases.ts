import type { ResourceChange } from "../../../policies/plan/resource-change";
import { asText } from "../../../policies/plan/synthesized-stack";
import type { ReleaseChange } from "../releases";
import { renamedValues } from "../renamed-values";
import { teamOf, type Finding } from "./finding";

/** A chart's other version. */
export function ofRelease({ name, chart, action, versions, jump, crds, address }: ReleaseChange): Finding[] {
  if (action !== "update" || jump === undefined) return [];
  const text = `${name === chart ? "the chart" : `the release ${name} of the chart`} ${chart} goes from ${versions?.before ?? ""} to ${versions?.after ?? ""}`;
  const word = {
    major: "a major version",
    minor: "a minor version",
    patch: "a patch",
    downgrade: "back to an older version",
    other: "another version",
  }[jump];
  return [
    {
      level: jump === "major" || jump === "downgrade" ? "caution" : "routine",
      text: `${text}, ${word}${crds ? ", with CRDs" : ""}`,
      addresses: [address],
    },
  ];
}

/** A key that is nearly called as it was. */
export const ofRenamedValues = (change: ResourceChange): Finding[] =>
  renamedValues(change).map(({ before, after }) => ({
    level: "caution",
    text: `the value ${before} of the release ${asText(change.after?.["name"])} is now called ${after}; see that its chart knows that key`,
    ...teamOf(change),
    addresses: [change.address],
  }));
