/** What needs cdktf and a cloud's bindings, loaded by the commands that synthesize and by no other. */
/* eslint-disable @typescript-eslint/no-require-imports -- an import would load them for every command */
export const synthesizer = () => require("./synthesize") as typeof import("./synthesize");
export const inventories = () => require("./inventory") as typeof import("./inventory");
export const layouts = () => require("./layout") as typeof import("./layout");
