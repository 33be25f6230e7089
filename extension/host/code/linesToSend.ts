// Which lines of which document a command means: the editor's menus, a keybinding and the palette all say it differently.
import * as v from "valibot";
import * as vscode from "vscode";
import type { Span } from "../../core/code/edges.ts";
import { type Block, blockAround, selectedLines } from "../../core/code/linesAtCursor.ts";

/** `lines` are counted from 0. */
export type LinesToSend = { readonly document: vscode.TextDocument; readonly lines: Span };

/** What the menu at a line number passes on. The line is counted from 1. */
const AtLineNumber = v.object({
  uri: v.looseObject({ scheme: v.string(), path: v.string() }),
  lineNumber: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

/** Milliseconds to wait for a language's symbols: it may still be starting. */
const SYMBOLS_MS = 1_500;

/** Symbols looked at in one file. */
const MOST_SYMBOLS = 20_000;

/** Documents that show something other than a file's text. */
const NO_TEXT = new Set(["output", "comment"]);

/** Null if no editor is open. */
export async function linesToSend(argument: unknown): Promise<LinesToSend | null> {
  const editor = currentEditor();
  const given = v.safeParse(AtLineNumber, argument);
  if (!given.success) return editor === undefined ? null : linesIn(editor);
  const uri = vscode.Uri.from(given.output.uri);
  const line = given.output.lineNumber - 1;
  if (editor?.document.uri.toString() === uri.toString()) {
    const selected = selectedLines(editor.selection);
    if (selected !== null && selected.from <= line && line <= selected.to)
      return { document: editor.document, lines: selected };
  }
  return { document: await vscode.workspace.openTextDocument(uri), lines: { from: line, to: line } };
}

/** The active editor, or the only one that is visible: the chat itself may have the focus. */
export function currentEditor(): vscode.TextEditor | undefined {
  const isText = ({ document }: vscode.TextEditor): boolean => !NO_TEXT.has(document.uri.scheme);
  const { activeTextEditor: active } = vscode.window;
  if (active !== undefined && isText(active)) return active;
  const [only, ...others] = vscode.window.visibleTextEditors.filter(isText);
  return others.length === 0 ? only : undefined;
}

async function linesIn({ document, selection }: vscode.TextEditor): Promise<LinesToSend> {
  const selected = selectedLines(selection);
  if (selected !== null) return { document, lines: selected };
  return { document, lines: blockAround(selection.active.line, await blocksOf(document)) };
}

type SymbolFound = vscode.DocumentSymbol | vscode.SymbolInformation;

async function blocksOf(document: vscode.TextDocument): Promise<Block[]> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), SYMBOLS_MS);
  });
  const { version } = document;
  try {
    const asked = vscode.commands.executeCommand<SymbolFound[] | undefined>(
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    const symbols = await Promise.race([asked, tooLate]);
    // Their lines are those of the text that they were asked for.
    return document.version === version ? flat(symbols ?? []) : [];
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}

const FUNCTIONS: ReadonlySet<vscode.SymbolKind> = new Set([
  ...[vscode.SymbolKind.Function, vscode.SymbolKind.Method, vscode.SymbolKind.Constructor],
  ...[vscode.SymbolKind.Class, vscode.SymbolKind.Interface, vscode.SymbolKind.Struct, vscode.SymbolKind.Enum],
]);

function flat(symbols: readonly SymbolFound[]): Block[] {
  const blocks: Block[] = [];
  const waiting = [...symbols];
  for (let next = waiting.pop(); next !== undefined && blocks.length < MOST_SYMBOLS; next = waiting.pop()) {
    const range = "location" in next ? next.location.range : next.range;
    const to = range.end.character === 0 && !range.isSingleLine ? range.end.line - 1 : range.end.line;
    blocks.push({ from: range.start.line, to, isFunction: FUNCTIONS.has(next.kind) });
    if ("children" in next) for (const child of next.children) waiting.push(child);
  }
  return blocks;
}
