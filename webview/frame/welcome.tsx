// The panel's content before joining.
import * as l10n from "@vscode/l10n";
import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { BubbleIcon } from "../base/icons.tsx";
import type { PanelStore } from "../store/panelStore.ts";

export function Welcome({ store }: { readonly store: PanelStore }) {
  const join = useRef<HTMLButtonElement>(null);
  useSignalEffect(() => {
    if (store.composer.focusRequests.value > 0 && document.hasFocus()) join.current?.focus();
  });
  // After quitting from the composer, nothing would have the focus.
  useLayoutEffect(() => {
    if (document.hasFocus() && document.activeElement === document.body) join.current?.focus();
  }, []);
  return (
    <div class="welcome">
      <BubbleIcon />
      <h1>Fork Chat</h1>
      <p>{l10n.t("A lobby for everyone on your server, and private sessions directly between windows.")}</p>
      <div class="choices">
        <button
          class="primary"
          type="button"
          ref={join}
          onClick={() => store.send({ type: "run", command: "join" })}
        >
          {l10n.t("Join as…")}
        </button>
        <button
          class="secondary"
          type="button"
          onClick={() => store.send({ type: "run", command: "startServer" })}
        >
          {l10n.t("Start Server")}
        </button>
      </div>
      <p class="hint">{l10n.t("No server yet? Start one here, then join it from every window.")}</p>
    </div>
  );
}
