// Reads lines of a document, as they are on screen, to be sent.
import { randomBytes } from "node:crypto";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Token } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Span } from "../../core/code/edges.ts";
import { type CodeQuote, quoteLines } from "../../core/code/quote.ts";
import { decodedText } from "../vscode/decodedText.ts";
import { READ_ONLY } from "../vscode/readOnlyDocuments.ts";
import { baseTag, lineHasher } from "./codeHashes.ts";
import { committedText } from "./gitFiles.ts";

export type Quote =
  | { readonly ok: true; readonly value: CodeQuote }
  /** A sentence for the user. */
  | { readonly ok: false; readonly text: string };

/** Documents that are no files: there is nothing to compare them with. */
const NO_FILES = new Set(["git", "untitled", "output", "vscode-notebook-cell", READ_ONLY]);

/**
 * @param lines counted from 0
 * @param expect called with the lines' text once there is nothing against it, while git is still asked
 */
export async function quoteOf(
  document: vscode.TextDocument,
  lines: Span,
  expect: (text: string) => void = () => undefined,
): Promise<Quote> {
  const { uri } = document;
  const isFile = !NO_FILES.has(uri.scheme);
  const file = { path: pathOf(uri), language: document.languageId, text: document.getText() };
  const salt = randomBytes(16).toString("base64url") as Token;
  const hashes = { salt, hashLine: lineHasher(salt), tag: (base: string) => baseTag(salt, base) };
  const early = quoteLines({ ...file, committed: null, saved: file.text }, lines, hashes);
  if (!early.ok) return refused(early.error);
  expect(early.value.code);
  const committed = isFile ? await committedText(uri, "HEAD") : null;
  const saved = committed === null && isFile ? await savedText(document) : null;
  const quote = quoteLines({ ...file, committed, saved }, lines, hashes);
  return quote.ok ? quote : refused(quote.error);
}

function refused(error: "blank" | "long"): Quote {
  return {
    ok: false,
    text:
      error === "blank"
        ? l10n.t("There's nothing to send on these lines.")
        : l10n.t(
            "These lines are too long: a message holds {0} KiB. Select fewer lines.",
            limits.textBytes / 1024,
          ),
  };
}

/** The path below its workspace folder, or the file's name. A file of a review has the path that the changes have for it. */
export function pathOf(uri: vscode.Uri): string {
  if (uri.scheme === READ_ONLY && uri.query !== "") return uri.path.slice(1);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const root = folder === undefined ? "" : folder.uri.path.replace(/\/*$/u, "/");
  if (root !== "" && uri.path.startsWith(root)) return uri.path.slice(root.length);
  return uri.path.split("/").at(-1) ?? "";
}

async function savedText(document: vscode.TextDocument): Promise<string | null> {
  if (!document.isDirty) return document.getText();
  try {
    return await decodedText(await vscode.workspace.fs.readFile(document.uri), document.uri);
  } catch {
    return null;
  }
}
