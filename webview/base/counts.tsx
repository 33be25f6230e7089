// How many lines are added and removed.
import { changesTexts } from "./changesTexts.ts";

export function Counts({ added, removed }: { readonly added: number; readonly removed: number }) {
  return (
    <span class="counts" role="img" aria-label={changesTexts.lines(added, removed)}>
      <span class="added">+{added}</span> <span class="removed">−{removed}</span>
    </span>
  );
}
