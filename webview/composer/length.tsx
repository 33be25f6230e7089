// The length of the composer's text once it matters, and a note when something did not fit.
import * as l10n from "@vscode/l10n";
import { limits } from "../../protocol/limits.ts";
import { COMPOSER_CHARACTERS } from "../../protocol/webview.ts";
import { locale } from "../base/language.ts";

/** The length is shown from this share of the limit. */
const NEAR_LIMIT = 0.9;

/** The id of the description of a composer whose text is too long. */
export const tooLongId = "too-long";

export function Length({ bytes }: { readonly bytes: number }) {
  const most = limits.textBytes;
  const [length, limit] = [bytes.toLocaleString(locale), most.toLocaleString(locale)];
  if (bytes > most) {
    return (
      <p class="length invalid" id={tooLongId} role="alert">
        {l10n.t("Too long to send: {0} of {1} bytes. Shorten it or send it in parts.", length, limit)}
      </p>
    );
  }
  if (bytes < most * NEAR_LIMIT) return null;
  return <p class="length">{l10n.t("{0} of {1} bytes", length, limit)}</p>;
}

/** `refused` counts the attempts, so that each is announced, even a repeated one. */
export function NoRoom({ refused }: { readonly refused: number }) {
  if (refused === 0) return null;
  const most = COMPOSER_CHARACTERS.toLocaleString(locale);
  return (
    <p key={refused} class="length invalid" role="alert">
      {l10n.t("Nothing was added. The message box holds up to {0} characters.", most)}
    </p>
  );
}
