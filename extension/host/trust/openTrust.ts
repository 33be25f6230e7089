// The window's keys and known people. The user is warned of damaged records.
import * as vscode from "vscode";
import { warnOfKey, warnOfPeople } from "../vscode/damageWarnings.ts";
import { showFailure } from "../vscode/failures.ts";
import { FileBackedSecrets } from "./fileBackedSecrets.ts";
import { Keyring } from "./keyring.ts";
import { PeopleBook } from "./peopleBook.ts";

/** @param folder for secrets that VS Code does not keep in a browser */
export function openTrust(
  { secrets, globalState }: vscode.ExtensionContext,
  folder: string,
  log: { warn(text: string): void },
): { keyring: Keyring; people: PeopleBook } {
  const isWeb = vscode.env.uiKind === vscode.UIKind.Web;
  const kept = isWeb ? new FileBackedSecrets(secrets, folder) : secrets;
  const keyring = new Keyring(kept, globalState, log, warnOfKey);
  return { keyring, people: new PeopleBook(globalState, warnOfPeople, showFailure) };
}
