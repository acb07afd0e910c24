import { isNamed } from "../errors";
import type { Finder, FinderContext, Found } from "./find";
import { becauseOf, ownerTags } from "./owner-tags";

/**
 * Everything else that has a tag. The tagging service learns of deletions late, so what ec2.ts and load-balancers.ts look at themselves is
 * left to them, and a key that waits for its deletion is not listed.
 */
export const taggedLeftovers: Finder = {
  where: "everything tagged",
  needs: "tag:GetResources and kms:DescribeKey",
  find: async (context) => {
    const found: Found[] = [];
    for (const tag of ownerTags(context))
      for await (const page of context.clients.tagging().paginateGetResources({
        TagFilters: [{ Key: tag.key, Values: [tag.value] }],
      }))
        for (const { ResourceARN: arn = "" } of page.ResourceTagMappingList ?? []) {
          const what = readArn(arn);
          if (!seenElsewhere(arn) && !(what.type === "kms:key" && (await isGoing(context, what.id))))
            found.push({ ...what, why: becauseOf(tag) });
        }
    return found;
  },
};

const seenElsewhere = (arn: string): boolean =>
  /^arn:[^:]+:(ec2:|elasticloadbalancing:[^:]*:[^:]*:(targetgroup|loadbalancer\/(app|net|gwy)|listener))/.test(arn);

async function isGoing({ clients }: FinderContext, id: string): Promise<boolean> {
  try {
    return (await clients.kms().describeKey({ KeyId: id })).KeyMetadata?.KeyState === "PendingDeletion";
  } catch (error) {
    if (isNamed(error, "NotFoundException")) return true;
    throw error;
  }
}

/**
 * Type and id of an ARN, the id without the kind: `arn:aws:eks:…:cluster/x` is `eks:cluster` and `x`. Services whose ARNs name no kind get
 * the one that they have.
 */
export function readArn(arn: string): { readonly type: string; readonly id: string } {
  const [, , service = "", , , ...rest] = arn.split(":");
  const resource = rest.join(":");
  if (service === "sqs") return { type: "sqs:queue", id: resource };
  if (service === "s3") return { type: "s3:bucket", id: resource };
  const [, kind = resource, id = resource] = /^([^:/]+)[:/](.+)$/.exec(resource) ?? [];
  return { type: `${service}:${kind}`, id: id.replace(/:\*$/, "") };
}
