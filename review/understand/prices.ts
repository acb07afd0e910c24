/**
 * What machines cost, for an upper bound where nobody brings Infracost's figures: list prices on demand, without disks, traffic and tax.
 * From the clouds' price lists, EC2 in us-east-1 on 2026-07-20 and Azure in westeurope on 2026-06-18; other regions differ by some tenths.
 */

/** Said with every figure of it. */
export const PRICES_OF =
  "list prices on demand of mid-2026 (EC2 us-east-1, Azure westeurope), without disks and traffic";

/** Hours of a month, as the clouds count them. */
export const HOURS = 730;

/** USD for a core and hour of the dearest EC2 type of a category and architecture that has Nitro and, of c, m and r, is of the fifth generation or later. */
const CORES: Readonly<Record<string, number>> = {
  "c amd64": 0.0851,
  "c arm64": 0.0624,
  "g amd64": 0.4652,
  "g arm64": 0.105,
  "i amd64": 0.13,
  "i arm64": 0.1187,
  "m amd64": 0.1044,
  "m arm64": 0.0728,
  "p amd64": 0.7418,
  "r amd64": 0.1172,
  "r arm64": 0.0911,
  "t amd64": 0.0416,
  "t arm64": 0.0336,
};

/** USD for a core and hour of a series of VM sizes; the whole machine's for those with GPUs. */
const SERIES: readonly (readonly [series: RegExp, perCore: number])[] = [
  [/^Standard_D\d+plds_v\d$/, 0.0445],
  [/^Standard_D\d+lds_v\d$/, 0.0555],
  [/^Standard_D\d+pds_v\d$/, 0.0545],
  [/^Standard_D\d+ds_v\d$/, 0.068],
  [/^Standard_E\d+pds_v\d$/, 0.069],
  [/^Standard_E\d+ds_v\d$/, 0.0865],
];
const VM_SIZES: Readonly<Record<string, number>> = {
  Standard_NC4as_T4_v3: 0.658,
  Standard_NC8as_T4_v3: 0.94,
  Standard_NC16as_T4_v3: 1.505,
  Standard_NC64as_T4_v3: 5.44,
  Standard_NV36ads_A10_v5: 4.16,
  Standard_NV36adms_A10_v5: 5.876,
  Standard_NV72ads_A10_v5: 8.476,
  Standard_NC24ads_A100_v4: 4.775,
  Standard_NC48ads_A100_v4: 9.55,
  Standard_NC96ads_A100_v4: 19.1,
  Standard_NC40ads_H100_v5: 9.08,
  Standard_NC80adis_H100_v5: 18.16,
};

/** USD for a core and hour of the dearest of these. @returns undefined where one is not in the table */
export function pricePerCore(categories: readonly string[], architectures: readonly string[]): number | undefined {
  const prices = categories.flatMap((category) =>
    architectures.map((architecture) => CORES[`${category} ${architecture}`]),
  );
  const known = prices.filter((price) => price !== undefined);
  return known.length === 0 || categories.some((category) => !knows(category)) ? undefined : Math.max(...known);
}

const knows = (category: string): boolean => Object.keys(CORES).some((key) => key.startsWith(`${category} `));

/** USD for an hour of one. @returns undefined where it is not in the table */
export function priceOfVmSize(size: string): number | undefined {
  const whole = Object.hasOwn(VM_SIZES, size) ? VM_SIZES[size] : undefined;
  if (whole !== undefined) return whole;
  const perCore = SERIES.find(([series]) => series.test(size))?.[1];
  const cores = Number(/^Standard_[A-Z]+(\d+)/.exec(size)?.[1]);
  return perCore === undefined ? undefined : perCore * cores;
}

/** USD for an hour of an EC2 type, by its category and size. @returns undefined where it is not in the table */
export function priceOfInstanceType(type: string): number | undefined {
  const [, category = "", generation = "", size = ""] = /^([a-z]+)(\d+[a-z]*)[\w-]*\.(\w+)$/.exec(type) ?? [];
  const architecture = /^\d+g/.test(generation) ? "arm64" : "amd64";
  const cores = coresOfSize(size);
  const perCore = pricePerCore([category], [architecture]);
  return perCore === undefined || cores === undefined ? undefined : perCore * cores;
}

function coresOfSize(size: string): number | undefined {
  const times = /^(\d*)xlarge$/.exec(size);
  if (times) return 4 * Number(times[1] === "" ? 1 : times[1]);
  return { medium: 1, large: 2 }[size];
}
