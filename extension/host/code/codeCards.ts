// What the card of a message with code does: says where its lines are in the user's own files, opens them there, and compares.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { lineLabel } from "../../../protocol/codeText.ts";
import { CodePath } from "../../../protocol/partFields.ts";
import type { CodeMatch, HostMessage, PageMessage } from "../../../protocol/webview.ts";
import * as v from "valibot";
import type { OwnPlace } from "../../core/code/bestMatch.ts";
import { linesOf } from "../../core/code/lines.ts";
import type { Store } from "../store/store.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showInfo } from "../vscode/notify.ts";
import type { ReadOnlyDocuments } from "../vscode/readOnlyDocuments.ts";
import type { Found } from "./codeFinder.ts";
import { type CodeSearches, type SentLines, searchKey } from "./codeSearches.ts";
import type { FileOpener } from "./fileOpener.ts";
import { flash } from "./flash.ts";
import { SentDocuments, sentLines, type SentPlace } from "./sentDocuments.ts";

export type CodeRequest = Extract<PageMessage, { type: "code" }>;
type Place = OwnPlace<vscode.Uri>;
type Sent = SentLines & { readonly from: SentPlace };
/** Files that change often settle first. */
const SETTLED_MS = 1_000;

/** Cards whose page is told that its answer is old. */
const MOST_ANSWERED = 500;

type Options = {
  readonly store: Pick<Store, "state" | "onChange">;
  readonly searches: Pick<CodeSearches, "find" | "onStale">;
  readonly documents: Pick<ReadOnlyDocuments, "put" | "has">;
  readonly files: FileOpener;
};

export class CodeCards {
  readonly #options: Options;
  readonly #subscription: vscode.Disposable;
  readonly #documents: SentDocuments;
  /** By the key of the search: tells the page that its answer is old. */
  readonly #answered = new Map<string, () => void>();
  readonly #stale = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#documents = new SentDocuments(options);
    this.#subscription = options.searches.onStale((key) => this.#tellSoon(key));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#documents.dispose();
  }

  async answer(request: CodeRequest, post: (message: HostMessage) => void): Promise<void> {
    const { session, index, action } = request;
    const sent = sentLines(this.#options.store.state, request);
    if (sent === null) return;
    const key = searchKey(sent.part, sent.code);
    const found = await this.#options.searches.find(sent, action !== "match");
    const now = sentLines(this.#options.store.state, request);
    // Edited or retracted meanwhile: the answer is about other lines than those that are shown.
    if (found === null || now === null || searchKey(now.part, now.code) !== key) return;
    this.#remember(key, () => post({ type: "stale", session, index }));
    post({ type: "match", session, index, match: matchOf(found) });
    if (action === "open") await this.#open({ ...sent, from: { session, index } }, found);
    if (action === "compare") await this.#compare({ ...sent, from: { session, index } }, found);
  }

  #remember(key: string, tell: () => void): void {
    this.#answered.delete(key);
    this.#answered.set(key, tell);
    const [oldest] = this.#answered.keys();
    if (this.#answered.size > MOST_ANSWERED && oldest !== undefined) this.#answered.delete(oldest);
  }

  #tellSoon(key: string): void {
    this.#stale.add(key);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const each of this.#stale) this.#answered.get(each)?.();
      this.#stale.clear();
    }, SETTLED_MS);
  }

  async #open(sent: Sent, found: Found): Promise<void> {
    if (found.state === "gone") {
      await this.#showSent(sent);
      return;
    }
    if (found.state !== "unsure") return this.#reveal(found.place);
    await this.#showSent(sent);
    const place = await choose(sent, found.places);
    if (place !== undefined) await this.#compareAt(sent, place);
  }

  async #reveal({ file, span }: Place): Promise<void> {
    const editor = await this.#options.files.show(file, { line: span.from + 1 });
    const end = Math.min(span.to, editor.document.lineCount - 1);
    flash(editor, new vscode.Range(span.from, 0, end, 0));
  }

  async #compare(sent: Sent, found: Found): Promise<void> {
    if (found.state === "gone") {
      await this.#showSent(sent);
      logFailure(
        showInfo(l10n.t("These lines of {0} aren't in your files. This is what was sent.", sent.part.path)),
      );
      return;
    }
    const place = found.state === "unsure" ? await choose(sent, found.places) : found.place;
    if (place !== undefined) await this.#compareAt(sent, place);
    else if (found.state === "unsure") await this.#showSent(sent);
  }

  /** My file with the sent lines in place of mine, beside my file. */
  async #compareAt(sent: Sent, { file, span }: Place): Promise<void> {
    const document = await vscode.workspace.openTextDocument(file);
    const lines = linesOf(document.getText());
    const final = document.lineAt(document.lineCount - 1).text === "" ? [""] : [];
    const text = [...lines.slice(0, span.from), ...linesOf(sent.code), ...lines.slice(span.to + 1), ...final];
    const left = this.#documents.put(sent.from, sent, text.join("\n"));
    const name = lineLabel(vscode.workspace.asRelativePath(file), { from: span.from + 1, to: span.to + 1 });
    await vscode.commands.executeCommand("vscode.diff", left, file, l10n.t("Sent ↔ {0}", name), {
      viewColumn: this.#options.files.column,
      selection: new vscode.Range(span.from, 0, span.from, 0),
    });
  }

  async #showSent(sent: Sent): Promise<vscode.TextEditor> {
    const document = await vscode.workspace.openTextDocument(this.#documents.put(sent.from, sent, sent.code));
    const { language } = sent.part;
    const languages = language === undefined ? [] : await vscode.languages.getLanguages();
    if (language !== undefined && languages.includes(language) && document.languageId !== language)
      await vscode.languages.setTextDocumentLanguage(document, language);
    return vscode.window.showTextDocument(document, { viewColumn: this.#options.files.column });
  }
}

function matchOf(found: Found): CodeMatch {
  if (found.state === "unsure" || found.state === "gone") return { state: found.state };
  const { file, span } = found.place;
  const path = v.safeParse(CodePath, vscode.workspace.asRelativePath(file));
  // A place that cannot be shown is not named.
  if (!path.success) return { state: found.state };
  return {
    state: found.state,
    place: { path: path.output, range: { from: span.from + 1, to: span.to + 1 } },
  };
}

async function choose({ part }: SentLines, places: readonly Place[]): Promise<Place | undefined> {
  const label = lineLabel(part.path, part.range);
  if (places.length === 0) {
    logFailure(
      showInfo(l10n.t("{0} may be in your files, but no place is certain. This is what was sent.", label)),
    );
    return undefined;
  }
  const items = places.map((place) => ({
    label: lineLabel(vscode.workspace.asRelativePath(place.file), {
      from: place.span.from + 1,
      to: place.span.to + 1,
    }),
    iconPath: vscode.ThemeIcon.File,
    place,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: l10n.t("It is not certain where {0} is in your files", label),
    placeHolder: l10n.t("Choose a place to compare with"),
  });
  return chosen?.place;
}
