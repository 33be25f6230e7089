// One webview with the panel's page, as an editor tab or as a view.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { HostMessage, SessionNumber } from "../../../protocol/webview.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { allOrNothing, type DisposableStore } from "../vscode/disposableStore.ts";
import { PageLink } from "./pageLink.ts";
import { receivePageMessage, type PageContext } from "./pageMessages.ts";
import { panelHtml } from "./panelHtml.ts";

export type SurfaceOptions = PageContext & {
  readonly extensionUri: vscode.Uri;
  readonly windowId: () => string;
  /** Of the pictures that are shown. */
  readonly keptFolder: string;
};

export class PageSurface {
  readonly #webview: vscode.Webview;
  readonly #parts: DisposableStore;
  readonly #link: PageLink;

  /** @param onReading called when `above` may have changed */
  constructor(webview: vscode.Webview, options: SurfaceOptions, onReading: () => void) {
    const root = vscode.Uri.joinPath(options.extensionUri, "dist", "webview");
    this.#webview = webview;
    const pictures = vscode.Uri.file(options.keptFolder);
    webview.options = { enableScripts: true, localResourceRoots: [root, pictures] };
    const post = (message: HostMessage): void => this.post(message);
    [this.#parts, this.#link] = allOrNothing((parts) => {
      const link = parts.add(new PageLink(options.store, options.windowId, post, onReading));
      parts.add(
        webview.onDidReceiveMessage((message: unknown) => receivePageMessage(options, link, post, message)),
      );
      const url = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
      const { bundle } = vscode.l10n;
      webview.html = panelHtml({
        script: url("panel.js"),
        style: url("panel.css"),
        source: webview.cspSource,
        pictures: webview.asWebviewUri(pictures).toString(),
        nonce: randomBytes(18).toString("base64"),
        // Without a bundle the texts are English, whatever VS Code's language is.
        language: bundle === undefined ? "en" : vscode.env.language,
        bundle,
      });
      return [parts, link] as const;
    });
  }

  /** Sessions whose reader is not at the end on this page. */
  get above(): ReadonlySet<SessionNumber> {
    return this.#link.above;
  }

  post(message: HostMessage): void {
    logFailure(this.#webview.postMessage(message));
  }

  /** Sends a message about what the page shows, once it has loaded. */
  tell(message: HostMessage): void {
    this.#link.tell(message);
  }

  /** A hidden page rests: it costs no work until it is shown again. */
  setVisible(isVisible: boolean): void {
    if (isVisible) this.#link.resume();
    else this.#link.suspend();
  }

  dispose(): void {
    this.#parts.dispose();
  }
}
