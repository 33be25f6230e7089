// Why a name cannot be, and why a server lets nobody in, in the reader's language: what the codes say, in the words that the
// protocol and the server of this repository have for them.
import * as l10n from "@vscode/l10n";
import { trimBlank } from "../../../protocol/blank.ts";
import { limits } from "../../../protocol/limits.ts";
import type { NameErrorCode } from "../../../protocol/names.ts";
import { assertNever } from "../../../protocol/result.ts";

/** @param raw the name as it was typed */
export function nameErrorText(code: NameErrorCode, raw: string): string {
  switch (code) {
    case "name-empty":
      return l10n.t("Names must have at least one character.");
    case "name-too-long":
      return l10n.t("Names can have at most {0} characters.", limits.nameLength);
    case "name-characters":
      return l10n.t("Names can contain only letters, digits, “_”, “-”, and “.”, and no spaces.");
    case "name-scripts":
      return l10n.t("Names can't mix alphabets with letters that look alike.");
    case "name-reserved":
      return l10n.t("“{0}” is reserved. Choose another name.", trimBlank(raw.normalize("NFKC")));
    default:
      return assertNever(code);
  }
}

/** @param text the server's own sentence, for a code that is not known here */
export function refusalText(code: string, text: string, name: string): string {
  switch (code) {
    case "name-lookalike":
      return l10n.t("Someone has a name that looks like “{0}”. Choose another name.", name);
    case "signature":
      return l10n.t("The signature isn't valid for this key, connection, and host.");
    case "token-missing":
      return l10n.t("This server requires a token.");
    case "token-wrong":
      return l10n.t("This isn't the server's token.");
    case "rate-limited":
      return l10n.t("Too many joins with this key or from this network. Wait a moment, then try again.");
    default:
      // Of names, this side has let pass what the server does not: its sentence knows why.
      return text;
  }
}
