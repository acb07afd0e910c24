/** Every rule that a config must keep beside its shape, in the order in which their findings are printed. */
import { ALERT_RULES } from "./rules/alerts";
import { AWS_RULES } from "./rules/aws";
import { AZURE_RULES } from "./rules/azure";
import { AZURE_POOL_RULES } from "./rules/azure-pools";
import { AZURE_RIGHTS_RULES } from "./rules/azure-rights";
import { CAPACITY_RULES } from "./rules/capacity";
import { COST_RULES } from "./rules/costs";
import { LAYER_RULES } from "./rules/layers";
import { NAME_RULES } from "./rules/names";
import { NETWORK_RULES } from "./rules/networks";
import { OPTION_RULES } from "./rules/options";
import { POOL_RULES } from "./rules/pools";
import { REFERENCE_RULES } from "./rules/references";
import type { Rule } from "./rules/rule";
import { VERSION_RULES } from "./rules/versions";
import { WAIVER_RULES } from "./rules/waivers";

export const RULES: readonly Rule[] = [
  ...NAME_RULES,
  ...LAYER_RULES,
  ...REFERENCE_RULES,
  ...NETWORK_RULES,
  ...VERSION_RULES,
  ...OPTION_RULES,
  ...ALERT_RULES,
  ...POOL_RULES,
  ...AWS_RULES,
  ...AZURE_RULES,
  ...AZURE_POOL_RULES,
  ...AZURE_RIGHTS_RULES,
  ...CAPACITY_RULES,
  ...COST_RULES,
  ...WAIVER_RULES,
];
