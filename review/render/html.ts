/** Pieces of the page: whatever they are given comes out as text. */
import { escape } from "html-escaper";
import type { ObjectChange } from "../review";
import { ACTION_WORDS } from "./lines";

export const LEVELS = { danger: "Dangerous", caution: "Look twice", routine: "Routine", none: "Unchanged" } as const;

/** Characters that change what stands around them, or cannot be seen: https://trojansource.codes */
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Safe between tags and in quoted attributes. */
export const text = (value: string): string =>
  escape(value.replace(UNSEEN, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`));

export const code = (value: string): string => `<code>${text(value)}</code>`;

type Action = ObjectChange["action"];

/** Not by colour alone. */
export const SIGNS: Readonly<Record<Action, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "−",
  forget: "×",
  read: "?",
  none: "=",
};

/** @param word @default - the action's own */
export const badge = (action: Action, word: string = ACTION_WORDS[action]): string =>
  `<span class="badge ${action}"><span aria-hidden="true">${SIGNS[action]}</span> ${text(word)}</span>`;

/** @param items HTML */
export const list = (items: readonly string[]): string =>
  `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;

export const section = (title: string, body: string): string => `<h3>${text(title)}</h3>\n${body}`;

/** @param bodies `tbody` elements */
export const table = (caption: string, head: readonly string[], bodies: readonly string[]): string =>
  `<table><caption>${text(caption)}</caption><thead><tr>${head.map((cell) => `<th scope="col">${text(cell)}</th>`).join("")}</tr></thead>
${bodies.join("\n")}</table>`;
