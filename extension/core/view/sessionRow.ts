// The description of a row in the tree "Sessions", beside the name. Pure.
import * as l10n from "@vscode/l10n";
import { presenceOf } from "../people/presence.ts";
import { unreadText } from "../texts/attentionTexts.ts";
import { pathOf, stateText } from "./selectors.ts";
import { sessionState } from "../model/sessionState.ts";
import type { PeerSession, Session } from "../model/session.ts";
import type { State } from "../model/state.ts";
import { mark } from "../texts/texts.ts";
import { verifiedBy } from "../people/verification.ts";
import { presenceText } from "../texts/sessionTexts.ts";
import { transfersText } from "./transferViews.ts";

const pathTexts = { none: "", direct: l10n.t("direct"), relayed: l10n.t("relayed") } as const;

/** In order of importance, because a narrow side bar cuts off the rest. */
export function sessionDetails(state: State, session: Session): string[] {
  const details = [
    session.number === state.active ? "*" : "",
    session.kind === "peer" ? mark(session) : "",
    session.unread > 0 ? unreadText(session.unread) : "",
    ...(session.kind === "peer" ? peerDetails(state, session) : [stateText(sessionState(state, session))]),
    session.muted ? l10n.t("muted") : "",
  ];
  return details.filter((detail) => detail !== "");
}

function peerDetails(state: State, session: PeerSession): string[] {
  return [
    session.typing ? l10n.t("typing…") : "",
    transfersText(state, session),
    pathTexts[pathOf(state, session)],
    verifiedBy(state, session) === "both" ? l10n.t("verified") : "",
    stateText(sessionState(state, session)),
    presenceText(presenceOf(state, session.peer)),
  ];
}

/** Whether two states of a session have the same row. Messages make no difference. */
export function looksLike(a: Session, b: Session | undefined): boolean {
  if (a === b) return true;
  if (b === undefined || a.number !== b.number || a.unread !== b.unread || a.muted !== b.muted) return false;
  if (a.kind === "lobby" || b.kind === "lobby") return a.kind === b.kind;
  return (
    a.link === b.link && a.peer === b.peer && a.verifiedByPeer === b.verifiedByPeer && a.typing === b.typing
  );
}
