/** Names on AWS that the stack and the rules spell the same way. */
import { shortened } from "../names";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST_ROLE = 64;

/**
 * The IAM role of a team's service account. Nothing of ours has an underscore in its name: on one cluster no two accounts, and none of
 * the platform's, get the same.
 */
export const teamRoleName = (cluster: string, namespace: string, serviceAccount: string): string =>
  shortened(`${cluster}-${namespace}_${serviceAccount}`, LONGEST_ROLE);
