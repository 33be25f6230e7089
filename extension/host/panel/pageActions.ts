// What links and code blocks in messages do in VS Code: open an address, copy, insert.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { withoutHidden } from "../../../protocol/hiddenCharacters.ts";
import { parseUrl } from "../../../protocol/parseUrl.ts";
import type { FileReference } from "../../../protocol/fileReference.ts";
import { CodeCards, type CodeRequest } from "../code/codeCards.ts";
import type { CodeSearches } from "../code/codeSearches.ts";
import { FileOpener } from "../code/fileOpener.ts";
import { PermalinkOpener } from "../code/permalinkOpener.ts";
import type { Store } from "../store/store.ts";
import type { ReadOnlyDocuments } from "../vscode/readOnlyDocuments.ts";
import type { HostMessage } from "../../../protocol/webview.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showFailure } from "../vscode/failures.ts";
import { chooseLoudly, showInfo } from "../vscode/notify.ts";

/** The only schemes that are opened. VS Code asks before it opens an address that the user has not trusted. */
const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/**
 * VS Code opens a string as it is. A `Uri`, which its types require, loses escapes: `%26` would be opened as `&`, `%23`
 * as `%2523`.
 */
interface Opener {
  openExternal(address: vscode.Uri | string): Thenable<boolean>;
}
const opener: Opener = vscode.env;

/** Documents that are not edited, although VS Code shows them in editors. */
const NOT_WRITTEN = new Set(["output", "debug", "forkchat"]);

const texts = {
  noEditor: l10n.t("There's no text editor to insert this into. Open a file first."),
  notCopied: l10n.t("Couldn't copy this: the clipboard isn't available."),
  readOnly: l10n.t("Couldn't insert this: the last used editor is read-only."),
} as const;

type Place = { readonly document: vscode.TextDocument; readonly column: vscode.ViewColumn | undefined };

export class PageActions {
  readonly #subscription: vscode.Disposable;
  /** The last edited place: the panel itself takes the focus, perhaps in place of the editor. */
  #place: Place | null = null;
  readonly #files = new FileOpener(() => this.#column());

  readonly #permalinks = new PermalinkOpener(this.#files);
  readonly #cards: CodeCards;

  constructor(store: Store, documents: ReadOnlyDocuments, searches: CodeSearches) {
    this.#cards = new CodeCards({ store, searches, documents, files: this.#files });
    this.#remember(vscode.window.activeTextEditor);
    this.#subscription = vscode.window.onDidChangeActiveTextEditor((editor) => this.#remember(editor));
  }

  openFile(reference: FileReference): void {
    showFailure(this.#files.open(reference));
  }

  openLink(url: string): void {
    if (!SCHEMES.has(parseUrl(url)?.protocol ?? "")) return;
    const open = async (): Promise<void> => {
      if (!(await this.#permalinks.open(url))) await opener.openExternal(url);
    };
    showFailure(open());
  }

  /** @param post answers the page that asked */
  code(request: CodeRequest, post: (message: HostMessage) => void): void {
    showFailure(this.#cards.answer(request, post));
  }

  /** Resolves with whether it succeeded; otherwise shows a message. */
  async copyText(text: string): Promise<boolean> {
    try {
      await vscode.env.clipboard.writeText(text);
      return true;
    } catch {
      logFailure(showInfo(texts.notCopied));
      return false;
    }
  }

  /** Replaces the selection there, as one undo step, and moves the cursor behind the code. */
  insertCode(text: string): void {
    const insert = async (): Promise<void> => {
      const wanted = await textToInsert(text);
      const problem = wanted === null ? null : await this.#insert(wanted);
      if (problem !== null) await showInfo(problem);
    };
    showFailure(insert());
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#cards.dispose();
  }

  /** The column of the last editor, or one beside the panel. */
  #column(): vscode.ViewColumn {
    const used = this.#place?.column;
    if (used !== undefined && this.#place?.document.isClosed === false) return used;
    const groups = vscode.window.tabGroups.all;
    const free = groups.find(({ activeTab }) => !(activeTab?.input instanceof vscode.TabInputWebview));
    return free?.viewColumn ?? vscode.ViewColumn.Beside;
  }

  #remember(editor: vscode.TextEditor | undefined): void {
    if (editor === undefined || NOT_WRITTEN.has(editor.document.uri.scheme)) return;
    this.#place = { document: editor.document, column: editor.viewColumn };
  }

  /** Null on success; otherwise the message to show. */
  async #insert(text: string): Promise<string | null> {
    const place = this.#place;
    if (place === null || place.document.isClosed) return texts.noEditor;
    const { document, column } = place;
    const editor = await vscode.window.showTextDocument(
      document,
      column === undefined ? {} : { viewColumn: column },
    );
    const { version } = document;
    const done = await editor.edit((edit) => {
      for (const selection of editor.selections) edit.replace(selection, text);
    });
    // VS Code reports success even if the editor rejected the edit.
    if (!done || document.version === version) return texts.readOnly;
    editor.selections = editor.selections.map(({ end }) => new vscode.Selection(end, end));
    return null;
  }
}

/** Without hidden characters, unless the user wants them. Null if the user does not want it at all. */
async function textToInsert(text: string): Promise<string | null> {
  const visible = withoutHidden(text);
  if (visible === text) return text;
  const [without, whole] = [l10n.t("Insert Without Them"), l10n.t("Insert All")];
  const answer = await chooseLoudly(
    l10n.t("This code has hidden characters."),
    l10n.t("With them, it can run differently from how it reads."),
    [without, whole],
  );
  if (answer === undefined) return null;
  return answer === whole ? text : visible;
}
