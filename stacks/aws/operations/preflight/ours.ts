import { CLUSTER_TAG } from "../../../../config/names";

/** How most of AWS's services show tags. */
export interface Tagged {
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}

/** Whether something was made by this cluster's stacks. @param own what the platform tags its own with */
export const isOurs = (own: string, { Tags = [] }: Tagged): boolean =>
  Tags.some(({ Key, Value }) => Key === CLUSTER_TAG && Value === own);
