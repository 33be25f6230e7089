// What is said of someone who is online, beside their name.
import * as l10n from "@vscode/l10n";
import { nameKey } from "../../../protocol/names.ts";
import type { State } from "../model/state.ts";
import { isBlocked } from "../people/people.ts";
import { presenceOf } from "../people/presence.ts";
import { presenceText } from "../texts/sessionTexts.ts";

export function personNotes(state: State, name: string): string[] {
  const isOwn = state.me !== null && nameKey(state.me.name) === nameKey(name);
  const notes = isOwn
    ? [l10n.t("you"), presenceText(state.presence)]
    : [presenceText(presenceOf(state, name)), isBlocked(state, name, null) ? l10n.t("blocked") : ""];
  return notes.filter((note) => note !== "");
}
