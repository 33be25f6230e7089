// Notices when the user undoes applied changes in their editors, or redoes them.
import { createHash } from "node:crypto";
import * as vscode from "vscode";
import { logFailure } from "../vscode/failureLog.ts";
import type { FileToWrite } from "./changeEdit.ts";
import type { FilesHere } from "./ownFiles.ts";
import { placeOf } from "./places.ts";

/** Changes that are watched: the latest. */
const WATCHED = 32;

/** A text in an editor, by its hash before the change. */
type EditedText = { readonly uri: vscode.Uri; readonly was: string };

export type EditedTexts = {
  readonly texts: readonly EditedText[];
  /** Undoes or redoes what editors do not. */
  readonly follow: (isUndone: boolean) => Promise<void>;
};

/** The texts that are about to change in editors. */
export function editedTexts(
  files: readonly FileToWrite[],
  root: vscode.Uri,
  { documents }: Pick<FilesHere, "documents">,
): EditedText[] {
  return files.flatMap(({ path, file, from }) => {
    const document = documents.get(from ?? path);
    if (document === undefined || file === null || !("text" in file)) return [];
    if (document.getText() === file.text) return [];
    // VS Code can spell a path in another case.
    return [{ uri: from === null ? document.uri : placeOf(root, path), was: hashOf(document) }];
  });
}

type Watched = Pick<EditedTexts, "follow"> & {
  /** By the URI of each text: its hash before and after the change. */
  readonly texts: ReadonlyMap<string, { readonly was: string; readonly is: string }>;
  /** Those that are as they were before. */
  readonly undone: Set<string>;
  readonly onUndone: (isUndone: boolean) => void;
};

export class UndoneChanges {
  /** By what is applied. */
  readonly #watched = new Map<string, Watched>();
  readonly #subscription = vscode.workspace.onDidChangeTextDocument(({ document, reason }) => {
    if (reason !== undefined) this.#changed(document);
  });

  /**
   * Changes have just been applied.
   * @param onUndone all texts are as they were before; or no longer, because one is as it was applied
   */
  watch(key: string, edited: EditedTexts, onUndone: Watched["onUndone"]): void {
    const texts = new Map(
      edited.texts.flatMap(({ uri, was }) => {
        const document = vscode.workspace.textDocuments.find(
          (each) => each.uri.toString() === uri.toString(),
        );
        return document === undefined ? [] : [[uri.toString(), { was, is: hashOf(document) }] as const];
      }),
    );
    this.#watched.delete(key);
    if (texts.size > 0) this.#watched.set(key, { texts, undone: new Set(), follow: edited.follow, onUndone });
    const [oldest] = this.#watched.keys();
    if (this.#watched.size > WATCHED && oldest !== undefined) this.#watched.delete(oldest);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#watched.clear();
  }

  #changed(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    for (const { texts, undone, follow, onUndone } of this.#watched.values()) {
      const text = texts.get(uri);
      if (text === undefined) continue;
      const wasUndone = undone.size === texts.size;
      const hash = hashOf(document);
      if (hash === text.was) undone.add(uri);
      if (hash === text.is) undone.delete(uri);
      const isUndone = undone.size === texts.size;
      if (isUndone === wasUndone) continue;
      logFailure(follow(isUndone));
      onUndone(isUndone);
    }
  }
}

function hashOf(document: vscode.TextDocument): string {
  return createHash("sha256").update(document.getText()).digest("base64");
}
