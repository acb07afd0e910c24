/** Entra application of every AKS API server: https://azure.github.io/kubelogin/concepts/aks.html */
const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** How people, and Terraform, get a token for a cluster: as whom the Azure CLI is signed in. */
export const KUBELOGIN = {
  command: "kubelogin",
  args: ["get-token", "--login", "azurecli", "--server-id", AKS_SERVER_ID],
};
