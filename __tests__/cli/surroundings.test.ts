import { publicSurroundings } from "../../cli/surroundings";

const node = (script: string) => publicSurroundings.output(process.execPath, ["-e", script]);

test("a tool that fails says why", async () => {
  expect(await node('process.stderr.write("Error: no"); process.exitCode = 1')).toBe("Error: no");
});

test("what it prints counts before what it complains of", async () => {
  expect(await node('process.stdout.write("v1"); process.stderr.write("old"); process.exitCode = 1')).toBe("v1");
});

test("a tool that is not there is undefined", async () => {
  expect(await publicSurroundings.output("stackyard-has-no-such-tool", [])).toBeUndefined();
});
