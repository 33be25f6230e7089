// The tree "Sessions": the lobby and the private sessions, with what is unread in them.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { presenceOf } from "../core/attendance.ts";
import { unreadText } from "../core/attentionTexts.ts";
import { pathOf, sessionName, sessionState, stateText } from "../core/selectors.ts";
import type { Presence } from "../../protocol/fields.ts";
import type { PeerSession, Session } from "../core/session.ts";
import type { State } from "../core/state.ts";
import { mark } from "../core/texts.ts";
import { verifiedBy } from "../core/verification.ts";
import type { Store } from "./store.ts";

export class SessionsTree implements vscode.TreeDataProvider<Session> {
  readonly #store: Store;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscription: { dispose(): void };
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(store: Store) {
    this.#store = store;
    this.#subscription = store.onChange((before, after) => {
      const changed =
        before.active !== after.active ||
        before.me !== after.me ||
        before.connection.status !== after.connection.status ||
        before.people !== after.people ||
        before.presences !== after.presences ||
        before.wires.some(({ link }, i) => link?.path !== after.wires[i]?.link?.path) ||
        before.sessions.length !== after.sessions.length ||
        before.sessions.some((session, i) => !looksLike(session, after.sessions[i]));
      if (changed) this.#changed.fire(undefined);
    });
  }

  getChildren(): Session[] {
    const { me, sessions } = this.#store.state;
    return me === null ? [] : [...sessions];
  }

  getTreeItem(session: Session): vscode.TreeItem {
    const { state } = this.#store;
    const name = sessionName(session);
    const active = session.number === state.active;
    const status = sessionState(state, session);
    const details = [
      active ? "*" : "",
      session.kind === "peer" ? mark(session) : "",
      // Before what may be cut off in a narrow side bar.
      session.unread > 0 ? unreadText(session.unread) : "",
      session.kind === "peer" ? path(state, session) : "",
      session.kind === "peer" && verifiedBy(state, session) === "both" ? l10n.t("verified") : "",
      stateText(status),
      session.kind === "peer" ? presenceText(presenceOf(state, session.peer)) : "",
      session.muted ? l10n.t("muted") : "",
    ].filter((detail) => detail !== "");
    const item = new vscode.TreeItem(name);
    item.id = String(session.number);
    item.description = details.join("  ");
    item.iconPath = new vscode.ThemeIcon(session.kind === "lobby" ? "organization" : icons[status]);
    item.contextValue = session.kind;
    item.tooltip =
      session.kind === "lobby"
        ? l10n.t("Everybody on the server reads what is said here")
        : l10n.t("Private session {0} with {1}", session.number, name);
    item.command = { title: l10n.t("Open"), command: "forkchat.showSession", arguments: [session.number] };
    item.accessibilityInformation = { label: [name, ...details].join(", ") };
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

const icons = { open: "lock", away: "watch", ended: "circle-slash", closed: "circle-slash" } as const;

const pathTexts = { none: "", direct: l10n.t("direct"), relayed: l10n.t("relayed") } as const;

/** Nothing for who is just there. */
const presenceTexts: Readonly<Record<Presence, string>> = {
  here: "",
  away: l10n.t("away"),
  busy: l10n.t("do not disturb"),
};

function path(state: State, session: PeerSession): string {
  const found = pathOf(state, session);
  return pathTexts[found];
}

/** True when a row of the tree does not differ; what is said in a session makes no difference. */
function looksLike(a: Session, b: Session | undefined): boolean {
  if (a === b) return true;
  if (b === undefined || a.number !== b.number || a.unread !== b.unread || a.muted !== b.muted) return false;
  return (
    a.kind === "lobby" ||
    (b.kind === "peer" && a.link === b.link && a.peer === b.peer && a.verifiedByPeer === b.verifiedByPeer)
  );
}

export function presenceText(presence: Presence): string {
  return presenceTexts[presence];
}
