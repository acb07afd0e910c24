/** What a command prints, kept from the terminal while a test runs. */
export function capturePrinted(): { out: string; err: string } {
  const printed = { out: "", err: "" };
  jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed.err += String(text);
    return true;
  });
  return printed;
}
