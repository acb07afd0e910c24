/** Texts from a plan that cannot do anything to whoever looks at them. */

/** Control characters but tab and line feed, what turns the direction of writing, separators of lines, and halves of characters. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/** A text in which every character shows: `ESC` as ␛, one that has no picture as its number. */
export const harmless = (text: string): string => text.replace(HARMFUL, picture);

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : `\\u${code.toString(16).padStart(4, "0")}`;
}
