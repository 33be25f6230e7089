// Whom something is sent to that only private sessions carry.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { PeerSession } from "../../core/model/session.ts";
import type { State } from "../../core/model/state.ts";
import { pickItem } from "../vscode/boxes.ts";
import { showInfo } from "../vscode/notify.ts";

type Texts = {
  /** Above the list of people. */
  readonly pick: string;
  /** Why it needs a private session, for a user who has none. */
  readonly why: string;
};

/** The private session that is shown, or one that the user picks. Offers to open one if there is none. */
export async function choosePeer(
  { sessions, active }: Pick<State, "sessions" | "active">,
  { pick, why }: Texts,
): Promise<PeerSession | undefined> {
  const items = sessions.flatMap((session) =>
    session.kind === "peer" && session.link !== "ended" ? [{ label: session.peer, session }] : [],
  );
  const shown = items.find(({ session }) => session.number === active);
  if (shown !== undefined) return shown.session;
  if (items.length > 0) return (await pickItem(items, pick))?.session;
  const open = l10n.t("Open Private Session…");
  if ((await showInfo(why, open)) === open) await vscode.commands.executeCommand("forkchat.fork");
  return undefined;
}
