// The questions that joining may ask: a name, the server's token, and whether to trust its certificate.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { parseName } from "../../../protocol/nameRules.ts";
import { nameErrorText } from "../../core/texts/refusals.ts";
import type { Keyring } from "../trust/keyring.ts";
import type { PeopleBook } from "../trust/peopleBook.ts";
import { type Asked, askText } from "../vscode/boxes.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { chooseLoudly, showInfo } from "../vscode/notify.ts";
import type { OwnName } from "./ownName.ts";

export function askName(ownName: OwnName, server: string): Asked<string> {
  const { name, why } = ownName.proposed();
  return askText({
    title: l10n.t("Join Fork Chat"),
    prompt: [...why, l10n.t("The name others will see at {0}", server)].join(" "),
    placeholder: l10n.t("Your name"),
    value: name,
    password: false,
    validate: (value) => {
      const name = parseName(value);
      return name.ok ? null : nameErrorText(name.error.code, value);
    },
  });
}

/** The server requires its token. Resolves with whether the user gave one. */
export async function askToken(
  keyring: Pick<Keyring, "keepToken">,
  server: string,
  text: string,
): Promise<boolean> {
  const token = await askText({
    title: l10n.t("Join Fork Chat"),
    prompt: `${text} ${l10n.t("Ask the person who runs {0} for it.", server)}`,
    placeholder: l10n.t("Server token"),
    value: "",
    password: true,
    validate: (value) => (value.trim() === "" ? l10n.t("Paste the token here.") : null),
  }).answer;
  if (token === undefined) return false;
  await keyring.keepToken(server, token.trim());
  return true;
}

/** The server's certificate is not trusted: only the user can know whether it is the right one. */
export async function askTrust(
  people: Pick<PeopleBook, "trustCertificate">,
  server: string,
  { text, fingerprint }: { readonly text: string; readonly fingerprint?: string },
): Promise<boolean> {
  if (fingerprint === undefined) return false;
  const detail = [
    l10n.t(
      "Compare this SHA-256 fingerprint with the one of the server's certificate. Ask the person who runs the server for it:",
    ),
    fingerprint,
    l10n.t("If they differ, someone may be intercepting the connection."),
  ].join("\n\n");
  const [copy, trust] = [l10n.t("Copy Fingerprint"), l10n.t("Trust This Server")];
  const choice = await chooseLoudly(text, detail, [copy, trust]);
  if (choice === copy) {
    await vscode.env.clipboard.writeText(fingerprint);
    logFailure(showInfo(l10n.t("Fingerprint copied. Compare it with the server's, then join again.")));
  }
  if (choice !== trust) return false;
  await people.trustCertificate(server, fingerprint);
  return true;
}
