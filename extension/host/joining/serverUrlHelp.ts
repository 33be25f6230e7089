// Help for a server URL that is invalid or has the wrong scheme (ws or wss): shown where the user meets it, with a
// button for the likely correction.
import * as l10n from "@vscode/l10n";
import { otherScheme, type ServerUrlProblem } from "../../core/model/serverAddress.ts";
import { serverUrlProblemText } from "../../core/texts/serverUrlTexts.ts";
import { showError, showWarning } from "../vscode/notify.ts";
import type { Probe } from "./serverTerminal.ts";
import { openSetting } from "../vscode/settings.ts";

/** @param isSetting whether the URL is from the settings */
export function wrongUrlText(raw: string, problem: ServerUrlProblem, isSetting: boolean): string {
  const why = serverUrlProblemText(problem);
  return isSetting
    ? l10n.t("The setting forkchat.serverUrl is “{0}”. It can't be used: {1}.", raw, why)
    : l10n.t("“{0}” can't be used: {1}.", raw, why);
}

/** Resolves with the URL that the user accepts instead; undefined if none. */
export async function offerInstead(
  text: string,
  { instead }: ServerUrlProblem,
  isSetting: boolean,
): Promise<string | undefined> {
  const use = instead === undefined ? [] : [l10n.t("Use {0}", instead)];
  const choice = await showError(text, ...use, ...(isSetting ? [l10n.t("Open Setting")] : []));
  if (choice === undefined) return undefined;
  if (use.includes(choice)) return instead;
  await openSetting("serverUrl");
  return undefined;
}

/** The same address with the other scheme, if a server responds there. */
export async function mixedUp(server: string, probe: Probe): Promise<string | undefined> {
  const other = otherScheme(server);
  return other !== undefined && (await probe(other)) === "server" ? other : undefined;
}

/** Resolves with true if the user accepts the other one. */
export async function offerOther(server: string, other: string): Promise<boolean> {
  const text = other.startsWith("wss:")
    ? l10n.t("The server uses TLS, so its URL is {1}, not {0}.", server, other)
    : l10n.t(
        "The server doesn't use TLS, so its URL is {1}, not {0}. Anyone on the network between you and the server can read the lobby.",
        server,
        other,
      );
  return (await showWarning(text, l10n.t("Use {0}", other))) !== undefined;
}
