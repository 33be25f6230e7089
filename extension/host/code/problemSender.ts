// Attaches a problem that the editor reports, with its lines; at the cursor, and from its quick fixes.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type Problem, problemQuote, problemsAt } from "../../core/code/problemText.ts";
import type { Store } from "../store/store.ts";
import { type Attacher, DECLINED, Refusal, type ToAttach } from "./attacher.ts";
import { quoteOf } from "./codeQuote.ts";
import { currentEditor } from "./linesToSend.ts";

const COMMAND = "forkchat.sendProblem";

/** A problem may be about a whole class: its first lines say where that is. */
const MOST_LINES = 20;

/** Problems that one place offers as quick fixes. */
const MOST_OFFERED = 5;
const TITLE_LENGTH = 60;

const SEVERITIES: Readonly<Record<vscode.DiagnosticSeverity, Problem["severity"]>> = {
  [vscode.DiagnosticSeverity.Error]: "error",
  [vscode.DiagnosticSeverity.Warning]: "warning",
  [vscode.DiagnosticSeverity.Information]: "info",
  [vscode.DiagnosticSeverity.Hint]: "hint",
};

/** What a quick fix passes to the command. */
class ProblemToSend {
  readonly uri: vscode.Uri;
  readonly diagnostic: vscode.Diagnostic;

  constructor(uri: vscode.Uri, diagnostic: vscode.Diagnostic) {
    this.uri = uri;
    this.diagnostic = diagnostic;
  }
}

export class ProblemSender {
  readonly #attacher: Attacher;

  constructor(attacher: Attacher) {
    this.#attacher = attacher;
  }

  /** @param argument from a quick fix; otherwise it is the problem at the cursor */
  async send(argument: unknown): Promise<void> {
    await this.#attacher.attachHere(async () => {
      const problem = argument instanceof ProblemToSend ? argument : await problemAtCursor();
      return problem instanceof ProblemToSend ? quoted(problem) : problem;
    });
  }
}

async function problemAtCursor(): Promise<ProblemToSend | Refusal | typeof DECLINED> {
  const editor = currentEditor();
  if (editor === undefined)
    return new Refusal(l10n.t("There's no text editor to send a problem from. Open a file first."));
  const { uri } = editor.document;
  const found = problemsAt(vscode.languages.getDiagnostics(uri), editor.selection.active);
  const [only, ...others] = found;
  if (only === undefined) return new Refusal(l10n.t("There's no problem on this line."));
  if (others.length === 0) return new ProblemToSend(uri, only);
  const items = found.map((diagnostic) => ({
    label: diagnostic.message,
    description: [diagnostic.source, codeOf(diagnostic)].filter((word) => word !== undefined).join(" "),
    diagnostic,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: l10n.t("Select a problem to send") });
  return chosen === undefined ? DECLINED : new ProblemToSend(uri, chosen.diagnostic);
}

async function quoted({ uri, diagnostic }: ProblemToSend): Promise<ToAttach | Refusal> {
  const document = await vscode.workspace.openTextDocument(uri);
  const { start, end } = diagnostic.range;
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  const lines = { from: start.line, to: Math.min(last, start.line + MOST_LINES - 1) };
  const quote = await quoteOf(document, lines);
  if (!quote.ok) return new Refusal(quote.text);
  const { source } = diagnostic;
  const code = codeOf(diagnostic);
  const whole = problemQuote(quote.value, {
    severity: SEVERITIES[diagnostic.severity],
    message: diagnostic.message,
    ...(source === undefined ? {} : { source }),
    ...(code === undefined ? {} : { code }),
  });
  if (whole === null)
    return new Refusal(
      l10n.t("The lines of this problem are too long for one message. Send a selection instead."),
    );
  return { quote: whole, path: uri.path };
}

function codeOf({ code }: vscode.Diagnostic): string | undefined {
  return code === undefined ? undefined : String(typeof code === "object" ? code.value : code);
}

/**
 * Offers the command where fixes are asked for: in the Problems view, the hover and the menu. Never by itself, or each problem
 * would light a bulb.
 */
export class ProblemActions implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];
  readonly #store: Pick<Store, "state">;

  constructor(store: Pick<Store, "state">) {
    this.#store = store;
  }

  provideCodeActions(
    { uri }: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics, triggerKind, only }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const isAsked = triggerKind === vscode.CodeActionTriggerKind.Invoke;
    const isWanted = only === undefined || only.contains(vscode.CodeActionKind.QuickFix);
    if (this.#store.state.me === null || !isAsked || !isWanted) return [];
    return diagnostics.slice(0, MOST_OFFERED).map((diagnostic) => {
      const message = diagnostic.message.replace(/\s+/gu, " ").slice(0, TITLE_LENGTH);
      const title =
        diagnostics.length === 1
          ? l10n.t("Send Problem to the Chat")
          : l10n.t("Send Problem to the Chat: {0}", message);
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.command = { command: COMMAND, title, arguments: [new ProblemToSend(uri, diagnostic)] };
      return action;
    });
  }
}
