import { z } from "zod";

/** A list that Azure may leave out, or answer as null: none. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((all) => all ?? []);
