// The unanswered forks: a line for each, with a button to cancel it.
import * as l10n from "@vscode/l10n";
import type { ForkView } from "../../protocol/webview.ts";
import type { PanelStore } from "../store/panelStore.ts";

type OpenForksProps = { readonly store: PanelStore; readonly forks: readonly ForkView[] };

export function OpenForks({ store, forks }: OpenForksProps) {
  return (
    <>
      <p class="unseen forks-aloud" aria-live="polite">
        {forks.map(textOf).join("\n")}
      </p>
      {forks.length === 0 ? null : (
        <ul class="forks" role="list" aria-label={l10n.t("Open requests")}>
          {forks.map((fork) => (
            <li key={fork.id} class="fork">
              <span class="waiting" aria-hidden="true" />
              <span dir="auto">{textOf(fork)}</span>
              <button
                class="link"
                type="button"
                aria-label={l10n.t("Cancel the request to {0}", fork.name)}
                onClick={() => store.send({ type: "cancelFork", id: fork.id })}
              >
                {l10n.t("Cancel")}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function textOf({ name, phase }: ForkView): string {
  return phase === "asking" ? l10n.t("Asking {0}…", name) : l10n.t("Connecting to {0}…", name);
}
