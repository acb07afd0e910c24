/** A mistake of the user's: its message is a sentence that says what to do, and no stack trace helps. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}
