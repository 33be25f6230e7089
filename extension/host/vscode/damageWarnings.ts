// What the user is told of stored data that was damaged.
import * as l10n from "@vscode/l10n";
import { logFailure } from "./failureLog.ts";
import { showWarning } from "./notify.ts";

/** Names listed in one warning. */
const SHOWN_NAMES = 5;

export function warnOfKey(name: string, loss: "damaged" | "missing"): void {
  warn(
    loss === "damaged"
      ? l10n.t(
          "The stored key for “{0}” was damaged and has been replaced. Your contacts will see that your key has changed.",
          name,
        )
      : l10n.t(
          "VS Code no longer has the key for “{0}”, so there is a new one. Your contacts will see that your key has changed. If your system has a keyring, unlock it before you start VS Code.",
          name,
        ),
  );
}

export function warnOfPeople(names: readonly string[]): void {
  warn(
    l10n.t(
      "The stored records of these people were damaged: {0}. Compare safety numbers with them again, and block them again if you had blocked them.",
      names.slice(0, SHOWN_NAMES).join(", ") + (names.length > SHOWN_NAMES ? ", …" : ""),
    ),
  );
}

/** @param copy the damaged file */
export function warnOfWindow(copy: string): void {
  warn(
    l10n.t(
      "A file of this window was damaged. Messages may be missing, including unsent ones. A copy is kept as {0}.",
      copy,
    ),
  );
}

export function warn(text: string): void {
  logFailure(showWarning(text));
}
