// The page's one edge to VS Code: what arrives is checked here, what leaves is typed here.
import * as v from "valibot";
import { validate } from "../../protocol/codec.ts";
import { HostMessage, PersistedPage, type PageMessage } from "../../protocol/webview.ts";

type VsCodeApi = {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
};

declare function acquireVsCodeApi(): VsCodeApi;

export type Host = {
  post(message: PageMessage): void;
  /** Kept by VS Code with the window; a reloaded window's extension host is given it. */
  persist(state: PersistedPage): void;
  /** What a page before this one has kept; null when there was none. */
  readonly persisted: PersistedPage | null;
};

/** Connects to the host. `receive` gets messages of the declared form only; any other is dropped, its content unlogged. */
export function connectHost(receive: (message: HostMessage) => void): Host {
  const api = acquireVsCodeApi();
  const persisted = v.safeParse(PersistedPage, api.getState());
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = validate(HostMessage, event.data);
    if (message.ok) whenTimely(message.value, receive);
    else console.error(`Fork Chat: a message of the host was not understood (${message.error.detail})`);
  });
  return {
    post: (message) => api.postMessage(message),
    persist: (state) => api.setState(state),
    persisted: persisted.success ? persisted.output : null,
  };
}

/**
 * The host's wish for the focus comes when VS Code shows the page, but not always after the page has got the focus, and
 * so does that for the field in which something is found. Until then it waits: taking the focus away from whatever the
 * user went to would close, say, their palette.
 */
function whenTimely(message: HostMessage, receive: (message: HostMessage) => void): void {
  const wantsFocus = message.type === "focus" || message.type === "find";
  if (!wantsFocus || document.hasFocus()) receive(message);
  else window.addEventListener("focus", () => receive(message), { once: true });
}
