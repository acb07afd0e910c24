/** Whatever is referred to by name is there: Secrets and their keys, Services and their ports, ConfigMaps, service accounts, storage classes, hosts. */
import { platformOf } from "../support/config";
import { KINDS, synth } from "../support/synth";
import { dangling, provided, referred } from "../support/wiring";

describe.each(KINDS)("%s-platform", (kind) => {
  const stack = synth(platformOf(), `${kind}-platform`);
  const references = referred(stack);
  const there = provided(stack);

  test("nothing refers to what is not there", () => {
    expect(dangling(references, there)).toEqual([]);
  });

  test("has every sort of reference, so that the test above looks at something", () => {
    const count = (of: string) => references.filter(({ kind }) => kind === of).length;
    expect(count("Secret")).toBeGreaterThan(10);
    expect(count("Service")).toBeGreaterThan(5);
    expect(count("ConfigMap")).toBeGreaterThan(1);
    expect(count("ServiceAccount")).toBeGreaterThan(1);
    expect(count("StorageClass")).toBeGreaterThan(5);
    expect(count("Host")).toBeGreaterThan(10);
    expect(count("Listener")).toBeGreaterThan(4);
  });

  test("a reference whose aim goes is noticed, each one", () => {
    for (const reference of references) {
      const without = there.filter(
        ({ kind, namespace, name }) =>
          kind !== reference.kind || namespace !== reference.namespace || name !== reference.name,
      );
      expect(dangling([reference], without)).toEqual([reference]);
    }
  });
});
