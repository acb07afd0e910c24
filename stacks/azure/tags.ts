import { Aspects, type IAspect } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { projectOf } from "../../config/names";
import type { Team } from "../../config/platform";

interface Taggable extends IConstruct {
  tags: Record<string, string>;
  readonly tagsInput: Record<string, string> | undefined;
}

/** The azurerm provider has no default tags: every resource that can have tags gets these, and keeps its own where both say something. */
export function tagEverything(scope: Construct, tags: Readonly<Record<string, string>>): void {
  const aspect: IAspect = {
    visit: (node) => {
      if (isTaggable(node)) node.tags = { ...tags, ...node.tagsInput };
    },
  };
  Aspects.of(scope).add(aspect);
}

function isTaggable(node: IConstruct): node is Taggable {
  return "tagsInput" in node;
}

/** As what runs in the cluster is told them: https://cloud-provider-azure.sigs.k8s.io/topics/tagging-resources/ */
export function tagList(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** The team's labels. Azure refuses `/` in the names of tags. */
export function teamTags(team: Team): Record<string, string> {
  return {
    "stackyard-team": team.name,
    "stackyard-cost-center": team.costCenter,
    "stackyard-project": projectOf(team),
  };
}
