// The answers of listing commands, as rows and as plain text. The text is derived from the rows, so that copying,
// searching and exporting give what the page shows.
import * as l10n from "@vscode/l10n";
import { divider, TABLE_ROWS, type Entry, type Table } from "../../../protocol/webview.ts";
import { usage } from "../model/commands.ts";
import type { Session } from "../model/session.ts";
import { sessionState } from "../model/sessionState.ts";
import type { State } from "../model/state.ts";
import { presenceOf } from "../people/presence.ts";
import { presenceText } from "../texts/sessionTexts.ts";
import { personNotes } from "./personNotes.ts";
import { availableCommands, kindText, sessionName, stateText } from "./selectors.ts";

/** The answer of `\help`. */
export function describeCommands(state: State): Table {
  const rows = availableCommands(state).map((spec): Table["rows"][number] => [
    [usage(spec), ...spec.aliases.map((alias) => `\\${alias}`)].join(", "),
    spec.help,
  ]);
  rows.push(["\\\\", l10n.t("at the start of a message, sends one backslash")]);
  return { of: "commands", name: l10n.t("Commands"), rows };
}

/** The answer of `\sessions`. */
export function describeSessions(state: State): Table {
  return {
    of: "sessions",
    name: l10n.t("Sessions"),
    rows: state.sessions.map((session) => [
      `${session.number === state.active ? "*" : " "}${session.number}`,
      sessionText(state, session),
    ]),
  };
}

function sessionText(state: State, session: Session): string {
  const status = sessionState(state, session);
  const presence = session.kind === "peer" && status === "open" ? presenceOf(state, session.peer) : "here";
  const ending = status === "open" ? presenceText(presence) : stateText(status);
  const text = `${sessionName(session)} (${kindText(session)})`;
  return ending === "" ? text : `${text} ${ending}`;
}

/** The answer of `\users`. */
export function describeUsers(state: State): Table {
  const rows = state.users.map((name): Table["rows"][number] => [name, personNotes(state, name).join(", ")]);
  return { of: "people", name: onlineText(rows.length), rows };
}

function onlineText(count: number): string {
  return count === 1 ? l10n.t("1 online") : l10n.t("{0} online", count);
}

/** The transcript entry for a table: plain text if the table is too long. */
export function tableEntry(table: Table, at: number): Entry {
  const isShort = table.rows.length <= TABLE_ROWS;
  return { kind: "notice", level: "output", at, text: tableText(table), ...(isShort ? { table } : {}) };
}

export function tableText(table: Table): string {
  const lines = table.rows.map(([term, description]) =>
    description === "" ? term : `${term}${divider(table)}${description}`,
  );
  return [...(table.of === "people" ? [table.name] : []), ...lines].join("\n");
}
