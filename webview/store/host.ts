// The page's only interface to VS Code: incoming messages are validated, outgoing ones are typed.
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
  /** Saved by VS Code with the window; a reloaded window's extension host receives it. */
  persist(state: PersistedPage): void;
  /** What an earlier page saved; null if there was none. */
  readonly persisted: PersistedPage | null;
};

/** Connects to the host. `receive` gets valid messages only; others are dropped, without logging their content. */
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
 * The host requests the focus when VS Code shows the page, which may be before the page has it. The same applies to the
 * find field. Until then the request waits: taking the focus away from elsewhere would close, for example, the palette.
 */
function whenTimely(message: HostMessage, receive: (message: HostMessage) => void): void {
  const wantsFocus = message.type === "focus" || message.type === "find";
  if (!wantsFocus || document.hasFocus()) receive(message);
  else window.addEventListener("focus", () => receive(message), { once: true });
}
