// How many lines are added and removed.
import { changesTexts } from "./changesTexts.ts";

/** Nothing is said of none, unless there are no lines at all. */
export function Counts({ added, removed }: { readonly added: number; readonly removed: number }) {
  return (
    <span class="counts" role="img" aria-label={changesTexts.lines(added, removed)}>
      {added > 0 || removed === 0 ? <span class="added">+{added}</span> : null}{" "}
      {removed > 0 || added === 0 ? <span class="removed">−{removed}</span> : null}
    </span>
  );
}
