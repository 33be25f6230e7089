// Sets the reader's language before any module creates a text.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";

if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle });
