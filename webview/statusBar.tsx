// The line below everything: who I am, and how the server is.
import type { PanelState } from "../protocol/webview.ts";

const words: Record<PanelState["connection"]["status"], string> = {
  idle: "Not joined",
  connecting: "Connecting",
  online: "Online",
  offline: "Offline",
};

export function StatusBar({ state }: { readonly state: PanelState }) {
  const { status, text } = state.connection;
  const word = words[status];
  return (
    <div class="status-bar">
      <div class={`status ${status}`} role="status">
        <span class="dot" />
        <span class="word">{word}</span>
        {state.me === null ? null : (
          <>
            {" "}
            as <bdi class="me">{state.me}</bdi>
          </>
        )}
        {text === word ? null : (
          <span class="detail" dir="auto" title={text}>
            {text}
          </span>
        )}
      </div>
      {status === "online" ? <span class="count">{state.online} online</span> : null}
    </div>
  );
}
