// The texts of cards with code, and of code in the composer. Whole sentences, so that they can be translated.
import * as l10n from "@vscode/l10n";
import type { CodePart, LineRange } from "../../protocol/part.ts";
import type { CodeMatch } from "../../protocol/webview.ts";

type Severity = Extract<CodePart, { kind: "problem" }>["severity"];

/** With the reader's own place, and without one. */
type MatchText = {
  readonly plain: string;
  readonly at: (place: string) => string;
  /** For a state that does not explain itself. */
  readonly why?: string;
};

const match: Record<CodeMatch["state"], MatchText> = {
  same: { plain: l10n.t("same lines"), at: (place) => l10n.t("same lines: {0}", place) },
  moved: { plain: l10n.t("moved"), at: (place) => l10n.t("moved: {0}", place) },
  changed: { plain: l10n.t("changed"), at: (place) => l10n.t("changed: {0}", place) },
  unsure: {
    plain: l10n.t("unsure"),
    at: (place) => l10n.t("unsure: {0}", place),
    why: l10n.t(
      "It is not certain where this is in your files. Open shows what was sent and the possible places.",
    ),
  },
  gone: { plain: l10n.t("not found"), at: (place) => l10n.t("not found: {0}", place) },
};

const severity: Record<Severity, string> = {
  error: l10n.t("Error"),
  warning: l10n.t("Warning"),
  info: l10n.t("Information"),
  hint: l10n.t("Hint"),
};

export const cardTexts = {
  match,
  severity,
  open: l10n.t("Open"),
  compare: l10n.t("Compare"),
  actions: { copy: l10n.t("Copy"), insert: l10n.t("Insert at Cursor") },
  unsaved: l10n.t("local changes"),
  showLines: (count: number) => l10n.t("Show all {0} lines", count),

  replyToLine: (line: number) => l10n.t("Reply to line {0}", line),
  replyToLines: l10n.t("Reply to a line"),
  line: (line: number) => l10n.t("line {0}", line),
  showLine: (line: number) => l10n.t("Show line {0}", line),

  test: { name: l10n.t("Failed test"), of: (name: string) => l10n.t("Failed test: {0}", name) },
  output: {
    name: l10n.t("Terminal output"),
    of: (command: string) => l10n.t("Terminal output: {0}", command),
    exitCode: (code: number) => l10n.t("exit code {0}", code),
  },

  /** For accessible names. There is one form, also for a single line, so that a card can be found by it. */
  placeName: (path: string, { from, to }: LineRange) => `${path}:${String(from)}-${String(to)}`,
  attached: (place: string) => l10n.t("Attached: {0}", place),
  toLobby: l10n.t("to everyone in the lobby"),
  to: (name: string) => l10n.t("to {0}", name),
  detach: { name: l10n.t("Remove code"), title: l10n.t("Remove code (Escape)") },
  detachOther: { name: l10n.t("Remove attachment"), title: l10n.t("Remove attachment (Escape)") },
} as const;
