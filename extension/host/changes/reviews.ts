// Which changes the open diffs show, so that a button over a diff can apply them.
import * as v from "valibot";
import * as vscode from "vscode";
import { logFailure } from "../vscode/failureLog.ts";

/** Reviews that are known. Over an older one, there is no button. */
const KEPT = 50;

/** In `when` clauses of package.json. */
const KEY = "forkchat.reviewing";

const Uri = v.nullish(v.custom<vscode.Uri>((value) => value instanceof vscode.Uri));
const Diff = v.object({ original: Uri, modified: Uri });
/** The input of a tab with a diff of several files, whose class the released types do not have. */
const Diffs = v.object({ textDiffs: v.array(Diff) });

export class Reviews<Reviewed> {
  readonly #reviews = new Map<string, Reviewed>();
  readonly #subscription = vscode.window.tabGroups.onDidChangeTabs(() => this.#show());
  #isShown = false;

  /** @param uri of a document of the review */
  add({ query }: vscode.Uri, reviewed: Reviewed): void {
    const key = keyOf(query);
    this.#reviews.delete(key);
    this.#reviews.set(key, reviewed);
    for (const oldest of this.#reviews.keys()) {
      if (this.#reviews.size <= KEPT) break;
      this.#reviews.delete(oldest);
    }
  }

  /** The one in the active group of editors, or else one in another group. */
  visible(): Reviewed | undefined {
    const { all, activeTabGroup } = vscode.window.tabGroups;
    for (const { activeTab } of [activeTabGroup, ...all])
      for (const { query } of urisIn(activeTab?.input)) {
        const reviewed = this.#reviews.get(keyOf(query));
        if (reviewed !== undefined) return reviewed;
      }
    return undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #show(): void {
    const isVisible = this.visible() !== undefined;
    if (isVisible === this.#isShown) return;
    this.#isShown = isVisible;
    logFailure(vscode.commands.executeCommand("setContext", KEY, isVisible));
  }
}

/** All documents of a review have it before the first `/`. */
function keyOf(query: string): string {
  return query.split("/", 1).join("");
}

function urisIn(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  if (input instanceof vscode.TabInputTextDiff) return [input.original, input.modified];
  const diffs = v.safeParse(Diffs, input);
  const sides = diffs.success ? diffs.output.textDiffs.flatMap((each) => [each.original, each.modified]) : [];
  return sides.filter((uri) => uri !== null && uri !== undefined);
}
