/** Kubernetes quantities as exact whole numbers: CPU in millicores, memory in bytes. */

/** Cores as a number (`0.5`, `8`) or millicores as text (`"500m"`). At most three decimals: a millicore is the smallest unit. */
export type Cpu = number | `${number}m`;

/** Bytes with a binary unit: `"512Mi"`, `"32Gi"`, `"1Ti"`. Decimal units (`GB`, `G`) are refused: they mean something else. */
export type Memory = `${number}${"Mi" | "Gi" | "Ti"}`;

export const MEBIBYTE = 2 ** 20;
export const GIBIBYTE = 2 ** 30;
const UNITS = { Mi: MEBIBYTE, Gi: GIBIBYTE, Ti: 2 ** 40 } as const;

/** What a quantity may look like, for error messages. */
export const CPU_FORMS =
  'cores such as 8 or 0.5, or millicores such as "500m"; more than 0, and no part of a millicore';
export const MEMORY_FORMS = 'a number with Mi, Gi or Ti, such as "512Mi" or "32Gi"; more than 0, and no part of a byte';

/** Millicores of a CPU quantity, or undefined where it is none (negative, zero, finer than a millicore, not a number). */
export function parseCpu(value: unknown): number | undefined {
  if (typeof value === "number") return positiveWhole(decimal(String(value), 1000));
  const match = typeof value === "string" ? /^(\d+)m$/.exec(value) : null;
  return match ? positiveWhole(Number(match[1])) : undefined;
}

/** Bytes of a memory quantity, or undefined where it is none (negative, zero, wrong unit, not a whole number of bytes). */
export function parseMemory(value: unknown): number | undefined {
  const match = typeof value === "string" ? /^(\d+(?:\.\d+)?)(Mi|Gi|Ti)$/.exec(value) : null;
  if (!match) return undefined;
  return positiveWhole(decimal(match[1] as string, UNITS[match[2] as keyof typeof UNITS]));
}

/** `8000` → `"8"`, `500` → `"500m"`: the form in which the Kubernetes API gives CPU back, so that plans stay empty. */
export function formatCpu(millicores: number): string {
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

/** Bytes in the largest binary unit without a fraction, as the Kubernetes API gives memory back: `2 ** 30` → `"1Gi"`. */
export function formatMemory(bytes: number): string {
  for (const [unit, size] of [
    ["Ti", UNITS.Ti],
    ["Gi", UNITS.Gi],
    ["Mi", UNITS.Mi],
    ["Ki", 1024],
  ] as const) {
    if (bytes !== 0 && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}

/** Cores for people, with at most `digits` decimals: `"15.7"`. */
export function showCores(millicores: number, digits = 1): string {
  return String(Number((millicores / 1000).toFixed(digits)));
}

/** GiB for people, with at most `digits` decimals: `"31.5"`. */
export function showGibibytes(bytes: number, digits = 1): string {
  return String(Number((bytes / GIBIBYTE).toFixed(digits)));
}

/** `text` (plain decimal notation) times `unit`, exactly; undefined where the product is not a whole number. */
function decimal(text: string, unit: number): number | undefined {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const fraction = match[2] ?? "";
  const scale = 10n ** BigInt(fraction.length);
  const product = BigInt(`${match[1]}${fraction}`) * BigInt(unit);
  return product % scale === 0n ? Number(product / scale) : undefined;
}

const positiveWhole = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 && Number.isSafeInteger(value) ? value : undefined;
