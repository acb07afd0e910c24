/** IPv4 ranges: how they lie to each other, and how a network is carved into subnets. */
import ipaddr from "ipaddr.js";

/** Two ranges overlap exactly when the shorter prefix contains the other's network address. */
export function overlap(a: string, b: string): boolean {
  const [addressA, prefixA] = ipaddr.IPv4.parseCIDR(a);
  const [addressB, prefixB] = ipaddr.IPv4.parseCIDR(b);
  return addressA.match([addressB, Math.min(prefixA, prefixB)]);
}

export function contains(outer: string, inner: string): boolean {
  return ipaddr.IPv4.parseCIDR(outer)[1] <= ipaddr.IPv4.parseCIDR(inner)[1] && overlap(outer, inner);
}

/** Not routed on the internet: RFC 1918 and RFC 6598. */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Whether nobody comes from `range` over the internet. */
export function isPrivateRange(range: string): boolean {
  return PRIVATE_RANGES.some((outer) => contains(outer, range));
}

/** The `index`th subnet of `range` with `extraBits` more prefix bits: `subnet("10.0.0.0/16", 2, 1)` is `"10.0.64.0/18"`. */
export function subnet(range: string, extraBits: number, index: number): string {
  const [address, prefix] = ipaddr.IPv4.parseCIDR(range);
  const length = prefix + extraBits;
  if (length > 32 || index >= 2 ** extraBits) throw new RangeError(`${range} has no subnet ${index} of /${length}`);
  const start = address.octets.reduce((sum, octet) => sum * 256 + octet, 0) + index * 2 ** (32 - length);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".")}/${length}`;
}

/** The `index`th address of a range: `hostAddress("172.16.0.0/16", 10)` is `"172.16.0.10"`. */
export function hostAddress(range: string, index: number): string {
  const [, prefix] = ipaddr.IPv4.parseCIDR(range);
  return subnet(range, 32 - prefix, index).replace("/32", "");
}

/**
 * Where machines ask their cloud about themselves, with the rights of the node: link-local, and Azure's
 * https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
export const METADATA_RANGES = ["169.254.0.0/16", "168.63.129.16/32"] as const;

/**
 * What is left out of a range of addresses outside of the cluster, `0.0.0.0/0` above all: private ranges, so that the internet is just that, the
 * metadata addresses, and `inside`. Some networks, such as Amazon's, let a range stand for pods with an address in it, and most of the
 * platform's have no policy of their own. A range that lies within one of these is somebody's wish, and stays. Kubernetes wants an exception
 * to lie inside its range, and to be smaller.
 */
export function exceptionsOf(range: string, inside: readonly string[]): readonly string[] {
  const smaller = [...new Set([...METADATA_RANGES, ...PRIVATE_RANGES, ...inside])].filter(
    (inner) => inner !== range && contains(range, inner),
  );
  return smaller.filter((inner) => !smaller.some((outer) => outer !== inner && contains(outer, inner))).sort();
}
