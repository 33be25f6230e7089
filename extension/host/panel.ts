// The panel: one webview in the editor area, which comes back after a window reload.
import { randomBytes } from "node:crypto";
import * as v from "valibot";
import * as vscode from "vscode";
import { validate } from "../../protocol/codec.ts";
import { assertNever } from "../../protocol/result.ts";
import { isCommandLine, PageMessage, PersistedPage, type HostMessage } from "../../protocol/webview.ts";
import { DisposableStore } from "./disposableStore.ts";
import { PageLink } from "./pageLink.ts";
import { panelHtml } from "./panelHtml.ts";
import type { Store } from "./store.ts";

export const PANEL_TYPE = "forkchat.panel";

type PanelOptions = {
  readonly store: Store;
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly windowId: () => string;
  /** A reloaded window's panel remembers whose conversation it showed. */
  readonly onRestored: (windowId: string) => void;
};

type Open = { readonly panel: vscode.WebviewPanel; readonly link: PageLink; readonly parts: DisposableStore };

export class Panel {
  readonly #options: PanelOptions;
  readonly #root: vscode.Uri;
  readonly #serializer: vscode.Disposable;
  #open: Open | null = null;

  constructor(options: PanelOptions) {
    this.#options = options;
    this.#root = vscode.Uri.joinPath(options.extensionUri, "dist", "webview");
    this.#serializer = vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, {
      deserializeWebviewPanel: (panel, state: unknown) => {
        const persisted = v.safeParse(PersistedPage, state);
        if (persisted.success) options.onRestored(persisted.output.windowId);
        this.#open?.panel.dispose();
        this.#adopt(panel);
        return Promise.resolve();
      },
    });
  }

  get visible(): boolean {
    return this.#open?.panel.visible ?? false;
  }

  /** Shows the panel beside the code, and puts the cursor into its composer. */
  reveal(): void {
    if (this.#open === null) {
      const column =
        vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
      this.#adopt(vscode.window.createWebviewPanel(PANEL_TYPE, "Fork Chat", column));
    } else {
      this.#open.panel.reveal();
    }
    this.#post({ type: "focus" });
  }

  /** The webview itself stays: it is the window's, and comes back after a reload. */
  dispose(): void {
    this.#serializer.dispose();
    this.#open?.parts.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const { store, extensionUri, windowId } = this.#options;
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#root] };
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, "media", "panel-light.svg"),
      dark: vscode.Uri.joinPath(extensionUri, "media", "panel-dark.svg"),
    };
    const parts = new DisposableStore();
    const link = parts.add(new PageLink(store, windowId, (message) => this.#post(message)));
    const open: Open = { panel, link, parts };
    this.#open = open;
    parts.add(panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(link, message)));
    parts.add(panel.onDidChangeViewState(() => this.#showVisibility()));
    panel.onDidDispose(() => {
      parts.dispose();
      if (this.#open === open) this.#open = null;
      this.#showVisibility();
    });
    const url = (name: string): string =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(this.#root, name)).toString();
    panel.webview.html = panelHtml({
      script: url("panel.js"),
      style: url("panel.css"),
      source: panel.webview.cspSource,
      nonce: randomBytes(18).toString("base64"),
    });
    this.#showVisibility();
  }

  #showVisibility(): void {
    // A hidden page is unloaded by VS Code; it says `ready` when it is shown again.
    if (!this.visible) this.#open?.link.suspend();
    this.#options.store.dispatch({ type: "panel/visible", visible: this.visible });
  }

  #post(message: HostMessage): void {
    void this.#open?.panel.webview.postMessage(message);
  }

  #receive(link: PageLink, raw: unknown): void {
    const { store, log } = this.#options;
    const decoded = validate(PageMessage, raw);
    if (!decoded.ok) {
      log.warn(`The panel's page sent something unknown: ${decoded.error.detail}`);
      return;
    }
    const message = decoded.value;
    switch (message.type) {
      case "ready":
        link.ready();
        return;
      case "submit":
        void this.#submit(message);
        return;
      case "activate":
        store.dispatch({ type: "user/activate", session: message.session });
        return;
      case "leave":
        store.dispatch({ type: "user/leave", session: message.session });
        return;
      case "more":
        link.more(message.session, message.before);
        return;
      case "draft":
        store.dispatch({ type: "user/draft", session: message.session, text: message.text });
        return;
      case "retry":
        store.dispatch({ type: "user/retry", session: message.session, id: message.id });
        return;
      case "discard":
        store.dispatch({ type: "user/discard", session: message.session, id: message.id });
        return;
      case "verify":
        store.dispatch({ type: "user/verify", session: message.session, open: message.open });
        return;
      case "verified":
        store.dispatch({ type: "user/verified", session: message.session, value: message.value });
        return;
      case "run":
        void vscode.commands.executeCommand(`forkchat.${message.command}`);
        return;
      default:
        assertNever(message);
    }
  }

  /** Gives a text back to the composer when it could not be sent; a command's line is not kept, it can be recalled. */
  async #submit(message: Extract<PageMessage, { type: "submit" }>): Promise<void> {
    const { id, session, text } = message;
    const outcome = this.#options.store.request((request) => ({
      type: "user/submit",
      request,
      session,
      text,
    }));
    const accepted = isCommandLine(text) || (await outcome).ok;
    this.#post({ type: "submitted", id, accepted });
  }
}
