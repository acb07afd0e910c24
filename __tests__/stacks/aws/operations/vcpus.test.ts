import { findStack } from "../../../../config/layers";
import { poolsOn } from "../../../../config/platform";
import { judgeCount } from "../../../../stacks/aws/operations/preflight/quotas";
import {
  countsIn,
  familyOf,
  judgeVcpus,
  poolDemand,
  uncounted,
  VCPU_QUOTAS,
  vcpusInUse,
  type Demand,
  type VcpuQuota,
} from "../../../../stacks/aws/operations/preflight/vcpus";
import { platformOf, type Draft } from "../../../support/config";

const [onDemand, spot, graphics, graphicsSpot] = VCPU_QUOTAS as readonly [VcpuQuota, VcpuQuota, VcpuQuota, VcpuQuota];
const SYSTEM: Demand = { who: "system nodes", families: ["standard"], markets: ["on-demand"], most: 6, least: 4 };

function pools(change: (draft: Draft) => void = () => undefined) {
  const platform = platformOf(change);
  return poolsOn(platform, findStack(platform, "aws-platform", "aws").cluster);
}

test.each([
  ["m6i.large", "standard"],
  ["im4gn.large", "standard"],
  ["is4gen.medium", "standard"],
  ["t3.small", "standard"],
  ["g6e.xlarge", "graphics"],
  ["gr6.4xlarge", "graphics"],
  ["vt1.3xlarge", "graphics"],
  ["p5.48xlarge", undefined],
  ["inf2.xlarge", undefined],
  ["x2idn.16xlarge", undefined],
  ["hpc7g.4xlarge", undefined],
  ["dl1.24xlarge", undefined],
  ["trn1.2xlarge", undefined],
])("%s counts as %s", (type, family) => {
  expect(familyOf(type)).toBe(family);
});

test("a pool asks for its limits, where its capacity and its class count", () => {
  const [shared, web] = pools((draft) => {
    draft.teams.web.nodePools.main = {
      class: "gpu",
      cpus: [4, 8],
      capacity: "spot",
      limits: { cpu: 32, memory: "128Gi" },
    };
  }).map(poolDemand);
  expect(shared).toEqual({ who: "pool shared", families: ["standard"], markets: ["on-demand"], most: 64, least: 2 });
  expect(web).toEqual({ who: "pool web/main", families: ["graphics"], markets: ["spot"], most: 32, least: 4 });
});

test("a pool that may fall back counts in both markets, and the instance types that it names decide the family", () => {
  const [, web] = pools((draft) => {
    Object.assign(draft.teams.web.nodePools.main, {
      capacity: "spot-with-fallback",
      aws: { instanceTypes: ["vt1.3xlarge", "m6i.xlarge"] },
    });
  }).map(poolDemand);
  expect(web).toMatchObject({ families: ["graphics", "standard"], markets: ["spot", "on-demand"] });
  expect(VCPU_QUOTAS.filter((quota) => countsIn(quota, web as Demand))).toHaveLength(4);
});

test("a pool of a family with a quota of its own is said not to be looked at", () => {
  const made = pools((draft) => {
    draft.teams.web.nodePools.main.aws = { instanceTypes: ["inf2.xlarge"] };
  });
  expect(made.map(poolDemand)[1]?.families).toEqual([]);
  expect(uncounted(made)).toMatchObject({
    severity: "warn",
    found: "inf2.xlarge of pool web/main count in quotas of their own, which were not looked at",
  });
  expect(uncounted(pools())).toBeUndefined();
});

test("machines that run are counted by family and market", () => {
  const machine = (InstanceType: string, spotted = false) => ({
    InstanceType: InstanceType as never,
    CpuOptions: { CoreCount: 2, ThreadsPerCore: 2 },
    ...(spotted && { InstanceLifecycle: "spot" as const }),
  });
  const running = [machine("m6i.xlarge"), machine("c7i.xlarge"), machine("m6i.xlarge", true), machine("g5.xlarge")];
  expect([onDemand, spot, graphics, graphicsSpot].map((quota) => vcpusInUse(running, quota))).toEqual([8, 4, 4, 0]);
});

describe("on-demand cores: system nodes 6 at most and 4 at first, the shared pool 64, the team's 32", () => {
  const demands = [SYSTEM, ...pools().map(poolDemand)];
  const judge = (value: number, inUse = 0) => judgeVcpus(onDemand, value, inUse, demands, "eu-west-1");

  test("102 are just enough", () => {
    expect(judge(102)).toEqual({
      severity: "ok",
      subject: "quota: on-demand vCPUs",
      found: "system nodes 6 + pool shared 64 + pool web/main 32 = 102 at most; 102 allowed, 0 in use by others",
    });
  });

  test("one less, or one more in use, and pools stop early: a warning with the request that helps", () => {
    expect(judge(101)).toMatchObject({ severity: "warn" });
    expect(judge(102, 1)).toEqual({
      severity: "warn",
      subject: "quota: on-demand vCPUs",
      found:
        "system nodes 6 + pool shared 64 + pool web/main 32 = 102 at most; 102 allowed, 1 in use by others: pools stop growing before their limits",
      fix: "aws service-quotas request-service-quota-increase --region eu-west-1 --service-code ec2 --quota-code L-1216C47A --desired-value 103",
    });
  });

  test("too little for the first nodes is an error that names whose", () => {
    expect(judge(3)).toMatchObject({
      severity: "error",
      found: expect.stringMatching(/too little for the first nodes of system nodes, pool web\/main$/),
    });
  });
});

test("a pool with another market to go to is never stuck", () => {
  const demand: Demand = { who: "pool x", families: ["standard"], markets: ["spot", "on-demand"], most: 32, least: 4 };
  expect(judgeVcpus(spot, 0, 0, [demand], "eu-west-1").severity).toBe("warn");
  expect(judgeVcpus(spot, 0, 0, [{ ...demand, markets: ["spot"] }], "eu-west-1").severity).toBe("error");
});

test.each([
  [3, 2, 5, "ok"],
  [3, 3, 5, "error"],
])("%i addresses needed, %i in use, %i allowed: %s", (needed, inUse, value, severity) => {
  const count = { service: "ec2", code: "L-0263D0A3", subject: "quota: elastic addresses", needed, inUse, region: "x" };
  expect(judgeCount(count, value).severity).toBe(severity);
});
