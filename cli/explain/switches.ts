/** Components switched on or off, together with those that cannot stay as they are then. */
import { COMPONENT_NAMES, needsOf, type ComponentName } from "../../config/components";
import { uncheckedPlatform } from "../../config/define-platform";
import type { Platform } from "../../config/platform";
import { at, isTree, withAt, type Path } from "./path";

/** A config in which a component is on that was off, or the other way round. */
export interface Switched {
  readonly input: unknown;
  readonly to: "on" | "off";
  /** Components that are switched with it: off, because they cannot be without it; on, because it cannot be without them. */
  readonly also: readonly ComponentName[];
}

/**
 * @param path of a component, or of its `enabled`
 * @returns undefined for any other place, and for a config whose shape is wrong
 */
export function switchedComponent(input: unknown, path: Path): Switched | undefined {
  const name = componentAt(path);
  const platform = name && uncheckedPlatform(input);
  if (!platform) return undefined;
  const isOn = platform.components[name].enabled;
  const all = together(name, platform);
  return {
    input: all.reduce<unknown>((config, one) => withSwitch(config, one, !isOn), input),
    to: isOn ? "off" : "on",
    also: all.filter((one) => one !== name),
  };
}

function componentAt([section, key, ...rest]: Path): ComponentName | undefined {
  const isSwitch = section === "components" && (rest.length === 0 || (rest.length === 1 && rest[0] === "enabled"));
  return isSwitch ? COMPONENT_NAMES.find((name) => name === key) : undefined;
}

/** A component and all that must be switched with it, at any distance. */
function together(name: ComponentName, { components }: Pick<Platform, "components">): readonly ComponentName[] {
  const isOn = components[name].enabled;
  const needs = (one: ComponentName) => needsOf(one, components[one]);
  const next = (one: ComponentName) =>
    isOn ? COMPONENT_NAMES.filter((other) => needs(other).includes(one)) : needs(one);
  const all = new Set([name]);
  // What is added meanwhile is visited, too.
  for (const one of all) for (const other of next(one)) if (components[other].enabled === isOn) all.add(other);
  return [...all];
}

function withSwitch(input: unknown, name: ComponentName, isOn: boolean): unknown {
  const path = ["components", name];
  return withAt(input, isTree(at(input, path)) ? [...path, "enabled"] : path, isOn);
}
