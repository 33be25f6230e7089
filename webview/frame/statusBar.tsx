// The line at the bottom: the user's name, and the state of the server.
import * as l10n from "@vscode/l10n";
import type { PanelState } from "../../protocol/webview.ts";
import { filled } from "../base/richL10n.tsx";
import { presenceTexts } from "../base/texts.ts";

const statusTexts: Record<PanelState["connection"]["status"], string> = {
  idle: l10n.t("Not joined"),
  connecting: l10n.t("Connecting"),
  online: l10n.t("Online"),
  offline: l10n.t("Offline"),
};

export function StatusBar({ state }: { readonly state: PanelState }) {
  const { status, text } = state.connection;
  const word = statusTexts[status];
  // A closed lobby says more above its composer.
  const isTold = state.sessions.some(({ number, state: is }) => number === state.active && is === "closed");
  const shown = <span class="word">{word}</span>;
  return (
    <div class="status-bar">
      <div class={`status ${status}`} role="status">
        <span class="dot" />
        {state.me === null ? (
          shown
        ) : (
          <span>
            {filled(
              (status, name) => l10n.t("{0} as {1}", status, name),
              shown,
              <bdi class="me">{state.me}</bdi>,
            )}
          </span>
        )}
        {state.busy && state.me !== null ? <span class="busy">{presenceTexts.busy}</span> : null}
        {text === word || isTold ? null : (
          <span class="detail" dir="auto" title={text}>
            {text}
          </span>
        )}
      </div>
      {status === "online" ? <span class="count">{onlineText(state.online)}</span> : null}
    </div>
  );
}

function onlineText(count: number): string {
  return count === 1 ? l10n.t("1 online") : l10n.t("{0} online", count);
}
