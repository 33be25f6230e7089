// The reasons for invalid names and refused joins in the reader's language. They translate the codes of the protocol
// and of this repository's server.
import * as l10n from "@vscode/l10n";
import { trimBlank } from "../../../protocol/blank.ts";
import { limits } from "../../../protocol/limits.ts";
import type { NameErrorCode } from "../../../protocol/nameRules.ts";
import { assertNever } from "../../../protocol/result.ts";

/** @param raw the name as typed */
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

/** @param text the server's own sentence, used for unknown codes */
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
      return l10n.t(
        "The lobby is full, or there were too many joins with this key or from this network. Wait a moment, then try again.",
      );
    default:
      // The server rejected a name that this side considers valid, so only its sentence has the reason.
      return text;
  }
}
