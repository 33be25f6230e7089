// The window's keys and known people. The user is warned of damaged records.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { logFailure } from "../vscode/failureLog.ts";
import { showFailure } from "../vscode/failures.ts";
import { showWarning } from "../vscode/notify.ts";
import { FileBackedSecrets } from "./fileBackedSecrets.ts";
import { Keyring } from "./keyring.ts";
import { PeopleBook } from "./peopleBook.ts";

/** Names listed in one warning. */
const SHOWN_NAMES = 5;

/** @param folder for secrets that VS Code does not keep in a browser */
export function openTrust(
  { secrets, globalState }: vscode.ExtensionContext,
  folder: string,
  log: ConstructorParameters<typeof Keyring>[1],
): { keyring: Keyring; people: PeopleBook } {
  const warn = (text: string): void => logFailure(showWarning(text));
  const isWeb = vscode.env.uiKind === vscode.UIKind.Web;
  const keyring = new Keyring(isWeb ? new FileBackedSecrets(secrets, folder) : secrets, log, (name) =>
    warn(
      l10n.t(
        "The stored key for “{0}” was damaged and has been replaced. Your contacts will see that your key has changed.",
        name,
      ),
    ),
  );
  const damaged = (names: readonly string[]): void =>
    warn(
      l10n.t(
        "The stored records of these people were damaged: {0}. Compare safety numbers with them again, and block them again if you had blocked them.",
        names.slice(0, SHOWN_NAMES).join(", ") + (names.length > SHOWN_NAMES ? ", …" : ""),
      ),
    );
  return { keyring, people: new PeopleBook(globalState, damaged, showFailure) };
}
