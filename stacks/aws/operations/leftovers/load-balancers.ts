import type { Finder, Found } from "./find";
import { becauseOf, ownerTags } from "./owner-tags";

/** The most that DescribeTags takes: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html */
const AT_ONCE = 20;

/** Load balancers and target groups that a controller in the cluster made: they hold the network, and cost. */
export const loadBalancerLeftovers: Finder = {
  where: "load balancers",
  needs: "elasticloadbalancing:Describe*",
  find: async (context) => {
    const { clients } = context;
    const api = clients.loadBalancers();
    const arns: string[] = [];
    for await (const page of api.paginateDescribeLoadBalancers({}))
      arns.push(...(page.LoadBalancers ?? []).flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []));
    for await (const page of api.paginateDescribeTargetGroups({}))
      arns.push(...(page.TargetGroups ?? []).flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []));
    const found: Found[] = [];
    for (let start = 0; start < arns.length; start += AT_ONCE) {
      const { TagDescriptions = [] } = await api.describeTags({ ResourceArns: arns.slice(start, start + AT_ONCE) });
      for (const { ResourceArn: id = "", Tags = [] } of TagDescriptions) {
        const type = `elasticloadbalancing:${id.split(":")[5]?.split("/")[0] ?? ""}`;
        for (const tag of ownerTags(context))
          if (Tags.some(({ Key, Value }) => Key === tag.key && Value === tag.value))
            found.push({ type, id, why: becauseOf(tag) });
      }
    }
    return found;
  },
};
