// Random stories of a window: what its user, the server and its peers do next, plausible and hostile alike.
import fc from "fast-check";
import { LOBBY, sessionNumber } from "../../extension/core/model/session.ts";
import type { State } from "../../extension/core/model/state.ts";
import type { SessionNumber } from "../../protocol/webview.ts";
import {
  answers,
  calls,
  close,
  confirm,
  EPOCH,
  fires,
  frame,
  hear,
  introduce,
  invite,
  join,
  joined,
  linked,
  listening,
  look,
  messageId,
  NOW,
  notReached,
  numbered,
  open,
  OTHER_EPOCH,
  presented,
  reaches,
  said,
  settings,
  show,
  sid,
  tell,
  type,
  type Step as Action,
  unlinked,
} from "./core.ts";

const people = ["anna", "bobby", "Bobby", "carmen"] as const;

/** A step of a story; its numbers and words choose among what exists at that moment. */
export const step = fc.record({
  move: fc.constantFrom(
    // Steps that lead to sessions, more often than others.
    ...["fork", "fork", "invite", "introduce", "introduce", "link", "link", "link", "joined"],
    ...[
      "join",
      "open",
      "joined",
      "close",
      "fork",
      "invite",
      "introduce",
      "link",
      "call",
      "fail",
      "decline",
      "cancel",
    ],
    ...["hear", "confirm", "unlink", "say", "sayTo", "number", "said", "echo", "error", "look", "show"],
    ...["leave", "quit", "line", "timer", "arrive", "left", "retry", "discard", "restore", "wild", "flush"],
    ...[
      "present",
      "answer",
      "settings",
      "verify",
      "verified",
      "block",
      "meetAtRelay",
      "consent",
      "redial",
      "listener",
    ],
    ...["change", "change", "hearChange", "hearChange", "saidChange", "attend", "heard", "focus", "epoch"],
    ...["where", "where"],
  ),
  n: fc.nat(5),
  who: fc.constantFrom(...people),
});
export type Step = { readonly move: string; readonly n: number; readonly who: string };

/** What the other sides of the story know. */
export class World {
  request = 0;
  text = 0;
  session = 0;
  seq = 0;
  /** The newest lobby message: it may be sent again, under its number. */
  told = { seq: 0, text: "" };

  next(state: State, { move, n, who }: Step): Action | null {
    const connection = "id" in state.connection ? state.connection.id : n;
    const [lobby, ...peers] = state.sessions;
    const peer = peers[n % Math.max(1, peers.length)];
    const fork = state.forks[n % Math.max(1, state.forks.length)];
    const waiting = [...state.forks, ...state.invites].flatMap((other) => other.sid ?? []);
    const pending = lobby.pending[n % Math.max(1, lobby.pending.length)];
    const unused = (): string => `number-${++this.session}`;
    const channel = state.channels[n % Math.max(1, state.channels.length)];
    const nameOf = (id: string): string => id.replace(/^session-/u, "");
    const back = (message: Parameters<typeof tell>[0]): Action => tell(message, connection);
    switch (move) {
      case "join":
        return join(n === 0 ? "an na" : "anna", ++this.request);
      case "open":
        return open(connection);
      case "joined":
        if (state.connection.status === "idle") return join("anna", ++this.request);
        if (state.connection.status === "offline") return { type: "timer", key: "reconnect" };
        return back(
          joined(n === 0 ? "anna_2" : "anna", {
            seq: this.seq,
            missed: this.seq - (state.lastSeen?.seq ?? this.seq),
            users: people.map((name) => ({ name })),
          }),
        );
      case "close":
        return n === 0 ? close(undefined, connection) : null;
      case "fork":
        return type(`\\fork ${who}`, 0, ++this.request);
      case "invite":
        return stamped(invite(who, unused()), connection);
      case "introduce":
        return fork === undefined ? null : stamped(introduce(fork.id, fork.to, unused()), connection);
      case "link": {
        const found = waiting[n % Math.max(1, waiting.length)];
        return found === undefined ? null : linked(nameOf(found));
      }
      case "call":
        return channel === undefined
          ? null
          : calls(nameOf(channel.sid), { n: channel.n + n - 1 }, `i-${this.session++}`);
      case "fail":
        return channel === undefined ? null : notReached(nameOf(channel.sid));
      case "present": {
        const invite = state.invites[n % Math.max(1, state.invites.length)];
        return invite === undefined ? null : stamped(presented(invite.from, nameOf(invite.sid)), connection);
      }
      case "answer": {
        const question = state.questions[n % Math.max(1, state.questions.length)];
        const answer = (["yes", "no", "block"] as const)[n % 3] ?? "no";
        return question === undefined ? null : { type: "user/answer", question: question.id, answer };
      }
      case "settings":
        return settings({
          acceptForks: (["always", "known", "ask", "never"] as const)[n % 4] ?? "always",
          connection: (["auto", "auto", "direct", "relay"] as const)[who.length % 4] ?? "auto",
        });
      case "verify":
        return { type: "user/verify", session: peer?.number ?? LOBBY, open: n % 2 === 0 };
      case "verified":
        return { type: "user/verified", session: peer?.number ?? LOBBY, value: n > 1 };
      case "block":
        return n > 1 ? null : type(`\\${n === 0 ? "" : "un"}block ${who}`, 0, ++this.request);
      case "meetAtRelay":
        return type(`\\introduce ${who} bobby`, 0, ++this.request);
      case "consent": {
        const introduction = state.introductions[0];
        const over = introduction?.sides[n % 2]?.over;
        if (introduction === undefined || over === undefined) return null;
        return frame(nameOf(over), { type: "consent", sid: introduction.sid, accepted: n > 0 });
      }
      case "redial":
        return channel === undefined ? null : fires(`redial:${channel.sid}`);
      case "listener":
        return n > 0 ? listening : { type: "listener/failed", text: "The port is taken.", isHopeless: false };
      case "decline":
        return fork === undefined
          ? null
          : back({ type: "declined", id: fork.id, to: fork.to, reason: "timeout" });
      case "cancel":
        return fork === undefined ? null : { type: "user/cancelFork", id: fork.id };
      case "hear": {
        const received = state.channels.find(({ sid }) => sid === peer?.sid)?.received ?? 0;
        return peer === undefined
          ? null
          : hear(nameOf(peer.sid), received + (n === 0 ? 0 : 1), this.unique());
      }
      case "confirm": {
        const sent = state.channels.find(({ sid }) => sid === peer?.sid)?.sent ?? 0;
        return peer === undefined ? null : confirm(nameOf(peer.sid), sent + (n % 2));
      }
      case "unlink":
        return peer === undefined
          ? null
          : unlinked(nameOf(peer.sid), (["left", "quit", "closed", "lost"] as const)[n] ?? "lost");
      case "say":
        return type(this.unique(), 0, ++this.request);
      case "sayTo":
        return type(this.unique(), peer?.number ?? n, ++this.request);
      case "number":
        return pending === undefined ? null : stamped(numbered(pending.id, ++this.seq), connection);
      case "said":
        if (n > 0 || this.told.seq === 0) return this.says(who, connection);
        return stamped(said(this.told.seq, who, this.told.text), connection);
      case "echo":
        return pending === undefined
          ? null
          : stamped(said(++this.seq, "anna", pending.text, pending.id), connection);
      case "error":
        return pending === undefined
          ? back({ type: "error", code: "rate-limited", text: "Wait." })
          : back({ type: "error", code: "rate-limited", text: "Wait.", id: pending.id as never });
      case "look":
        return look(n);
      case "show":
        return show(n % 2 === 0);
      case "leave":
        return type("\\leave", peer?.number ?? n, ++this.request);
      case "quit":
        return n === 0 ? type("\\quit", state.active, ++this.request) : null;
      case "line":
        return type(
          ["\\help", "\\ss", "\\users", "\\nothing", " ", "\\sw 1"][n] ?? "",
          n % 3,
          ++this.request,
        );
      case "timer": {
        const keys = [
          ...state.forks.map((other) => `fork:${other.id}` as const),
          ...state.invites.map((other) => `invite:${other.sid}` as const),
        ];
        return { type: "timer", key: keys[n] ?? (n % 2 === 0 ? "reconnect" : "grace") };
      }
      case "arrive":
        return back({ type: "arrived", name: `${who}${n}` });
      case "left":
        return back({ type: "left", name: who, reason: "lost" });
      case "retry": {
        const failed = peer?.pending.find(({ status }) => status === "failed");
        return peer !== undefined && failed !== undefined && n % 2 === 1
          ? { type: "user/retry", session: peer.number, id: failed.id }
          : { type: "user/retry", session: LOBBY, id: pending?.id ?? "w.1" };
      }
      case "discard":
        return { type: "user/discard", session: peer?.number ?? LOBBY, id: peer?.pending[0]?.id ?? "1" };
      case "restore":
        return { type: "window/restored" };
      case "change":
        return this.change(n, who, peer?.number ?? LOBBY, state);
      case "hearChange": {
        if (peer === undefined) return null;
        const seq = (state.channels.find(({ sid }) => sid === peer.sid)?.received ?? 0) + 1;
        const of = n % 2 === 0 ? "mine" : "yours";
        const about = {
          seq: n + 1,
          ...(n < 2 ? { kind: "react", of, on: who !== "anna" } : { of, kind: "reply" }),
        };
        const changed = n > 3 ? ({ kind: n === 4 ? "edit" : "retract", seq: 1 } as const) : about;
        const content = { type: "message", seq, at: NOW, text: n < 2 ? "\u{1f44d}" : this.unique() } as const;
        return frame(nameOf(peer.sid), { ...content, about: changed as never });
      }
      case "saidChange": {
        const kind = (["edit", "retract", "react", "reply"] as const)[n % 4] ?? "edit";
        const about = { kind, seq: Math.max(1, this.seq - n), ...(kind === "react" ? { on: n > 2 } : {}) };
        const text = kind === "react" ? "\u{1f44d}" : this.unique();
        const id = messageId(`other.${++this.seq}`);
        return back({ type: "said", seq: this.seq, at: NOW, from: who, id, text, about: about as never });
      }
      case "attend":
        if (n > 3) return { type: "user/typing", session: peer?.number ?? LOBBY, value: n > 4 };
        if (n > 2) return peer === undefined ? null : fires(`writing:${peer.sid}`);
        return { type: "host/presence", presence: n === 0 ? "here" : "away" };
      case "heard":
        if (n > 3) return back({ type: "presence", name: who, state: n > 4 ? "busy" : "here" });
        if (peer === undefined) return null;
        if (n > 2) return fires(`typing:${peer.sid}`);
        return frame(
          nameOf(peer.sid),
          n === 0 ? { type: "read", upTo: 2 } : { type: "typing", value: n === 1 },
        );
      case "focus":
        return { type: "host/focus", focused: n > 1 };
      case "epoch": {
        if (state.connection.status !== "connecting" || n > 0) return null;
        this.seq = 0;
        this.told = { seq: 0, text: "" };
        return back(joined("anna", { epoch: n === 0 ? OTHER_EPOCH : EPOCH, gap: true }));
      }
      case "where": {
        if (peer === undefined) return null;
        if (n < 2) return frame(nameOf(peer.sid), { type: "where" });
        if (n === 2) return type(`\\where ${peer.peer}`, peer.number, ++this.request);
        return n === 3
          ? { type: "host/askWhere", session: peer.number }
          : fires(`${n === 4 ? "where" : "asked"}:${peer.sid}`);
      }
      case "wild":
        return this.wild(n, who, peer?.sid ?? sid("none"), connection);
      default:
        return null;
    }
  }

  /** What no honest side would send now: known ids in the wrong place. */
  wild(n: number, who: string, known: ReturnType<typeof sid>, connection: number): Action {
    const name = known.replace(/^session-/u, "");
    const events = [
      stamped(invite(who, name), connection),
      stamped(introduce(`w.${n}`, who, name), connection),
      answers(name, { n: 99 }),
      reaches(name, "relayed"),
      linked(name),
      unlinked("none", "left"),
      confirm("none", 3),
      hear(name, 99, this.unique()),
      close(undefined, connection + 1),
      { type: "user/leave", session: sessionNumber(n) } as const,
    ];
    return events[(n * 7 + who.length) % events.length] ?? linked(name);
  }

  /** An action on a line, whether it is possible or not. */
  change(n: number, who: string, session: SessionNumber, state: State): Action {
    const number = who === "carmen" ? LOBBY : session;
    const end = state.sessions.find((each) => each.number === number)?.transcript.end ?? 0;
    const index = Math.max(0, end - 1 - (n >> 1));
    if (n % 2 === 0) return { type: "user/react", session: number, index, text: "\u{1f44d}", on: n < 4 };
    if (who === "anna") return { type: "user/retract", session: number, index };
    const about = { kind: n < 4 ? "edit" : "reply", index } as const;
    const request = ++this.request;
    return { type: "user/submit", request, session: number, text: this.unique(), about };
  }

  says(who: string, connection: number): Action {
    this.told = { seq: ++this.seq, text: this.unique() };
    return stamped(said(this.told.seq, who, this.told.text), connection);
  }

  unique(): string {
    return `text ${++this.text}.`;
  }
}

/** The same message on another connection. */
function stamped(event: Action, connection: number): Action {
  return typeof event !== "function" && event.type === "rendezvous/message"
    ? { ...event, connection }
    : event;
}
