// Introduces two peers to each other over the sessions that one user has with both, with or without a server. Only that
// user's command starts it, because it reveals that both are their contacts.
import * as l10n from "@vscode/l10n";
import type { Card, SessionId } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import { assertNever, err, ok, type Result } from "../../../protocol/result.ts";
import { dropInvite, inviteIntroduced, offered } from "./invites.ts";
import type { PeerSession } from "../model/session.ts";
import type { IntroducedSide, Introduction } from "../model/state.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import { failures, trustTexts } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import type { Failure } from "../model/outcome.ts";
import { sessionOf, livingSession } from "../channels/channelState.ts";
import { sendToPeer } from "../channels/channel.ts";

type Frame = Extract<PeerMessage, { type: "introduce" | "consent" | "introduced" }>;

/** `\introduce ANNA CARMEN`: asks both, each in the session with them. */
export function introduce(turn: Turn, names: string): Result<undefined, Failure> {
  const [first = "", second = "", ...more] = names.split(/\s+/u).filter((name) => name !== "");
  if (second === "" || more.length > 0 || nameKey(first) === nameKey(second)) {
    return err(failures.usageOfIntroduce);
  }
  const a = livingSession(turn, first);
  const b = livingSession(turn, second);
  if (a?.link !== "open") return err(failures.notInSession(first));
  if (b?.link !== "open") return err(failures.notInSession(second));
  const sid = turn.newId() as SessionId;
  turn.set({ introductions: [...turn.state.introductions, { sid, sides: [sideOf(a), sideOf(b)] }] });
  sendToPeer(turn, a.sid, { type: "introduce", sid, role: "A", name: b.peer, pin: b.pin });
  sendToPeer(turn, b.sid, { type: "introduce", sid, role: "B", name: a.peer, pin: a.pin });
  turn.emit({ type: "schedule", key: `introduce:${sid}`, ms: limits.introductionMs });
  turn.notice(turn.state.active, "info", trustTexts.introducing(a.peer, b.peer));
  return ok(undefined);
}

function sideOf({ sid, peer }: PeerSession): IntroducedSide {
  return { over: sid, name: peer, card: null };
}

export function peerFrame(turn: Turn, channel: PeerChannel, frame: Frame): void {
  switch (frame.type) {
    case "introduce":
      return introducedBy(turn, channel, frame);
    case "consent":
      return consented(turn, channel, frame);
    case "introduced":
      return completed(turn, channel, frame);
    default:
      assertNever(frame);
  }
}

/** A peer introduces someone to us: same decision as for a fork through the server. */
function introducedBy(turn: Turn, channel: PeerChannel, frame: Extract<Frame, { type: "introduce" }>): void {
  const { sid, role, name, pin } = frame;
  offered(turn, {
    sid,
    from: name,
    pin,
    introduction: { by: channel.peer, over: channel.sid, role },
    expiresMs: limits.introductionMs,
  });
}

/** One of the two we introduce has answered. */
function consented(turn: Turn, channel: PeerChannel, frame: Extract<Frame, { type: "consent" }>): void {
  const introduction = turn.state.introductions.find(({ sid }) => sid === frame.sid);
  const side = introduction?.sides.find(({ over }) => over === channel.sid);
  if (introduction === undefined || side === undefined) return;
  if (!frame.accepted) {
    end(turn, introduction, trustTexts.notIntroduced(introduction.sides[0].name, introduction.sides[1].name));
    return;
  }
  const [a, b] = introduction.sides;
  const card: Card = frame.card ?? { addresses: [] };
  const sides: Introduction["sides"] = [a === side ? { ...a, card } : a, b === side ? { ...b, card } : b];
  const others = turn.state.introductions.filter((other) => other !== introduction);
  if (sides[0].card === null || sides[1].card === null) {
    turn.set({ introductions: [...others, { ...introduction, sides }] });
    return;
  }
  turn.set({ introductions: others });
  turn.emit({ type: "cancel", key: `introduce:${frame.sid}` });
  sendToPeer(turn, a.over, { type: "introduced", sid: frame.sid, card: sides[1].card });
  sendToPeer(turn, b.over, { type: "introduced", sid: frame.sid, card: sides[0].card });
  turn.notice(turn.state.active, "info", trustTexts.introduced(a.name, b.name));
}

/** One did not answer or declined: notify the other. */
function end(turn: Turn, introduction: Introduction, text: string): void {
  turn.set({ introductions: turn.state.introductions.filter((other) => other !== introduction) });
  turn.emit({ type: "cancel", key: `introduce:${introduction.sid}` });
  for (const { over } of introduction.sides)
    sendToPeer(turn, over, { type: "introduced", sid: introduction.sid });
  turn.notice(turn.state.active, "info", text);
}

export function timedOut(turn: Turn, sid: string): void {
  const introduction = turn.state.introductions.find((each) => each.sid === sid);
  if (introduction === undefined) return;
  end(turn, introduction, trustTexts.notIntroduced(introduction.sides[0].name, introduction.sides[1].name));
}

/** Both have consented, and this is the other's address; or they have not. */
function completed(turn: Turn, channel: PeerChannel, frame: Extract<Frame, { type: "introduced" }>): void {
  const invite = turn.state.invites.find(({ sid }) => sid === frame.sid);
  if (invite?.introduction?.over !== channel.sid) return;
  if (frame.card !== undefined && invite.phase === "accepted") {
    inviteIntroduced(turn, invite, frame.card, false, undefined);
    return;
  }
  dropInvite(turn, invite, l10n.t("the introduction failed"));
  const session = sessionOf(turn, channel.sid);
  if (session !== undefined) turn.notice(session.number, "info", trustTexts.introductionOver(invite.from));
}
