/** Where AKS is, and whether there are availability zones. */

/**
 * Locations of Azure's public cloud that virtual machines are in: https://learn.microsoft.com/azure/reliability/regions-list, compared in
 * November 2026 with what Resource Manager lists. Some are open on request only. Where there are zones, there are three.
 */
const WITH_ZONES = [
  "australiaeast", "austriaeast", "belgiumcentral", "brazilsouth", "canadacentral", "centralindia", "centralus",
  "chilecentral", "denmarkeast", "eastasia", "eastus", "eastus2", "francecentral", "germanywestcentral",
  "indonesiacentral", "israelcentral", "italynorth", "japaneast", "japanwest", "koreacentral", "malaysiawest",
  "mexicocentral", "newzealandnorth", "northeurope", "norwayeast", "polandcentral", "qatarcentral", "southafricanorth",
  "southcentralus", "southeastasia", "spaincentral", "swedencentral", "switzerlandnorth", "uaenorth", "uksouth",
  "westeurope", "westus2", "westus3",
]; // prettier-ignore
const WITHOUT_ZONES = [
  "australiacentral", "australiacentral2", "australiasoutheast", "brazilsoutheast", "canadaeast", "francesouth",
  "germanynorth", "jioindiacentral", "jioindiawest", "koreasouth", "northcentralus", "norwaywest", "southafricawest",
  "southindia", "swedensouth", "switzerlandwest", "uaecentral", "ukwest", "westcentralus", "westindia", "westus",
]; // prettier-ignore

export const AZURE_LOCATIONS: readonly string[] = [...WITH_ZONES, ...WITHOUT_ZONES].sort();

/** The availability zones of a location; none where it has none. */
export function zonesIn(location: string): readonly ("1" | "2" | "3")[] {
  return WITHOUT_ZONES.includes(location) ? [] : ["1", "2", "3"];
}
