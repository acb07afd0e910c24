/** What AWS and its SDK throw, in words for people. */
import { OperationError } from "../../operations";

interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** An answer of AWS, or none at all; anything else that is thrown is a fault of this program. */
export function isAwsError(error: unknown): error is AwsError {
  return (
    typeof error === "object" && error !== null && "name" in error && ("$metadata" in error || isCredentials(error))
  );
}

const isCredentials = (error: object): boolean =>
  "name" in error && ["CredentialsProviderError", "TokenProviderError"].includes(String(error.name));

export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return isAwsError(error) && names.includes(error.name);
}

/** HTTP status of the answer; undefined where there was none. */
export function statusOf(error: unknown): number | undefined {
  return isAwsError(error) ? error.$metadata?.httpStatusCode : undefined;
}

/** One line: the error's name, the first line of its message (the SDK adds more), and the status. */
export function describe(error: AwsError): string {
  const [line = ""] = error.message.split("\n");
  const status = error.$metadata?.httpStatusCode;
  return `${error.name}: ${line}${status === undefined ? "" : ` (HTTP ${status})`}`;
}

/** Problems of signing in, which every command meets first. */
export function signInProblem(error: unknown): { readonly found: string; readonly fix: string } | undefined {
  if (!isAwsError(error)) return undefined;
  const [line = ""] = error.message.split("\n");
  const signIn = "sign in (such as `aws sso login`), or name a profile with AWS_PROFILE, and try again";
  switch (error.name) {
    case "CredentialsProviderError":
    case "TokenProviderError":
      return { found: `no usable AWS credentials: ${line}`, fix: signIn };
    case "ExpiredToken":
    case "ExpiredTokenException":
    case "RequestExpired":
      return { found: `the AWS credentials have expired: ${line}`, fix: signIn };
    case "InvalidClientTokenId":
    case "UnrecognizedClientException":
    case "SignatureDoesNotMatch":
      return {
        found: `AWS does not accept the credentials: ${line}`,
        fix: `${signIn}; a region that the account has not enabled answers the same`,
      };
    default:
      return undefined;
  }
}

/** What AWS refuses becomes a sentence. @param inSentence what to say of a refusal that is not about signing in */
export async function inWords<T>(work: () => Promise<T>, inSentence: (refusal: string) => string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAwsError(error)) throw error;
    const problem = signInProblem(error);
    throw new OperationError(problem ? `${problem.found}; ${problem.fix}` : inSentence(describe(error)));
  }
}
