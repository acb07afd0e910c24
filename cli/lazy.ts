/** What takes long to load: cdktf and a cloud's bindings, for the commands that synthesize, and review. */
/* eslint-disable @typescript-eslint/no-require-imports -- an import would load them for every command */
export const synthesizer = () => require("./synthesize") as typeof import("./synthesize");
export const inventories = () => require("./inventory") as typeof import("./inventory");
export const layouts = () => require("./layout") as typeof import("./layout");
export const reviewing = () => require("./review/run-review") as typeof import("./review/run-review");
