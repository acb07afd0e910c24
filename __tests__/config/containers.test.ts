/** What containers get that state nothing. */
import fc from "fast-check";
import { definePlatform } from "../../config/define-platform";
import { MEBIBYTE } from "../../config/quantities";
import { changed } from "../support/config";

const containersOf = (containers: object) =>
  definePlatform(changed((d) => (d.teams.web.containers = containers))).teams.find(({ name }) => name === "web")
    ?.containers;

test("without a word, half a core and 512Mi are the limit", () => {
  expect(containersOf({})?.limit).toEqual({ cpu: 500, memory: 512 * MEBIBYTE });
});

test("a limit that nobody states is never below the request or above the most, as Kubernetes wants it", () => {
  const millicores = fc.integer({ min: 1, max: 2000 });
  const mebibytes = fc.integer({ min: 1, max: 2048 });
  fc.assert(
    fc.property(millicores, millicores, mebibytes, mebibytes, (cpu, moreCpu, memory, moreMemory) => {
      const containers = containersOf({
        request: { cpu: `${cpu}m`, memory: `${memory}Mi` },
        max: { cpu: `${cpu + moreCpu}m`, memory: `${memory + moreMemory}Mi` },
      });
      expect(containers?.limit.cpu).toBe(Math.max(cpu, Math.min(500, cpu + moreCpu)));
      expect(containers?.limit.memory).toBe(Math.max(memory, Math.min(512, memory + moreMemory)) * MEBIBYTE);
    }),
    { numRuns: 100 },
  );
});
