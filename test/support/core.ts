// Fixtures for tests of the core: events and states in one line each, and their results in a readable form.
import * as v from "valibot";
import type { Effect } from "../../extension/core/model/effects.ts";
import type { CoreEvent } from "../../extension/core/model/events.ts";
import type { CloseCause, LinkId, Way } from "../../extension/core/model/ports.ts";
import { sessionNumber } from "../../extension/core/model/session.ts";
import { initialState, type State } from "../../extension/core/model/state.ts";
import type { CoreSettings } from "../../extension/core/model/settings.ts";
import { update } from "../../extension/core/update.ts";
import { Boot, type Card, Epoch, MessageId, Pin, SessionId, Token } from "../../protocol/fields.ts";
import { limits, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import type { PeerMessage } from "../../protocol/peer.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";

export const NOW = 1_700_000_000_000;
export const SERVER = "ws://127.0.0.1:43210";
export const EPOCH = v.parse(Epoch, "epoch-one");
export const OTHER_EPOCH = v.parse(Epoch, "epoch-two");
export const TOKEN = v.parse(Token, "a".repeat(32));
export const CARD: Card = { addresses: [{ host: "192.168.1.20", port: 40_001 }] };
/** Where this window listens, according to its card. */
export const OWN_CARD: Card = { addresses: [{ host: "192.168.1.7", port: 50_001 }] };
export const UNIQUE = "u".repeat(22);
export const DROPPED: CloseCause = { kind: "dropped", text: "the connection was lost" };

export const sid = (name: string): SessionId => v.parse(SessionId, `session-${name}`);
export const pin = (name: string): Pin => v.parse(Pin, `${name.padEnd(42, "-")}A`);
export const boot = (name: string): Boot => v.parse(Boot, `boot-of-${name}`);
export const messageId = (id: string): MessageId => v.parse(MessageId, id);

/** An event, or events that depend on what the window knows by then. */
export type Step = CoreEvent | ((state: State) => readonly CoreEvent[]);

/** Processes steps one after the other, all at `NOW` and with the lowest random number. */
export function run(state: State, ...steps: readonly Step[]): { state: State; effects: Effect[] } {
  const effects: Effect[] = [];
  for (const step of steps) {
    for (const event of typeof step === "function" ? step(state) : [step]) {
      const result = update(state, { ...event, at: NOW, random: 0, unique: UNIQUE });
      state = result.state;
      effects.push(...result.effects);
    }
  }
  return { state, effects };
}

export const after = (state: State, ...steps: readonly Step[]): State => run(state, ...steps).state;

// User actions.
export const join = (name: string, request = 1): CoreEvent => ({
  type: "user/join",
  request,
  name,
  server: SERVER,
});
export const type = (text: string, session = 0, request = 7): CoreEvent => ({
  type: "user/submit",
  request,
  session: sessionNumber(session),
  text,
});
export const look = (session: number): CoreEvent => ({
  type: "user/activate",
  session: sessionNumber(session),
});
export const settings = (change: Partial<CoreSettings>): CoreEvent => ({
  type: "settings/changed",
  settings: { ...initialState("w").settings, ...change },
});
export const focus = (focused: boolean): CoreEvent => ({ type: "host/focus", focused });
export const occupied = (value: boolean): CoreEvent => ({ type: "host/occupied", occupied: value });
export const mute = (session: number, value = true): CoreEvent => ({
  type: "user/mute",
  session: sessionNumber(session),
  value,
});
/** The readers of these sessions have scrolled up. */
export const above = (...sessions: number[]): CoreEvent => ({
  type: "panel/above",
  sessions: sessions.map(sessionNumber),
});
export const show = (visible: boolean): CoreEvent => ({ type: "panel/visible", visible });

// Network events.
type Challenge = Extract<ServerMessage, { type: "challenge" }>;

export const open = (connection = 1, change: Partial<Challenge> = {}, overLoopback = false): CoreEvent => ({
  type: "rendezvous/opened",
  connection,
  challenge: {
    type: "challenge",
    v: PROTOCOL_VERSION,
    nonce: TOKEN,
    epoch: EPOCH,
    reach: "network",
    relay: false,
    token: false,
    limits: { frameBytes: 102_400, textBytes: 16_384, framesPerSecond: 50 },
    ...change,
  },
  overLoopback,
  server: "192.168.1.1",
});
export const listening: CoreEvent = { type: "listener/ready", port: 50_001, addresses: OWN_CARD.addresses };
export const tell = (message: Exclude<ServerMessage, { type: "challenge" }>, connection = 1): CoreEvent => ({
  type: "rendezvous/message",
  connection,
  message,
});
export const close = (cause: CloseCause = DROPPED, connection = 1): CoreEvent => ({
  type: "rendezvous/closed",
  connection,
  cause,
});

// Actions of the peers. `session` names the session (see `sid`), as in its first introduction.
type Hello = Extract<PeerMessage, { type: "hello" }>;

const wireNamed = (state: State, session: string) =>
  state.channels.find((channel) => channel.sid === sid(session));

/** A peer with the right key calls, as link `i-SESSION`, and sends hello. */
export const calls =
  (session: string, hello: Partial<Hello> = {}, link: LinkId = `i-${session}`): Step =>
  (state) => {
    const channel = wireNamed(state, session);
    const invite = state.invites.find((each) => each.sid === sid(session));
    const key = channel?.pin ?? invite?.pin ?? pin(session);
    return [
      {
        type: "link/connected",
        link,
        role: "listener",
        pin: key,
        ownPin: pin("anna"),
        path: "direct",
        ways: [],
      },
      { type: "link/frame", link, frame: helloOf(state, session, { n: (channel?.n ?? 0) + 1, ...hello }) },
    ];
  };

/** The other side's first hello, if it remembers as much as this one. */
export function helloOf(state: State, session: string, change: Partial<Hello> = {}): Hello {
  const channel = wireNamed(state, session);
  return {
    type: "hello",
    v: PROTOCOL_VERSION,
    sid: sid(session),
    n: channel?.n ?? 1,
    boot: channel?.peerBoot ?? boot(session),
    knows: channel?.boot ?? null,
    received: channel?.sent ?? 0,
    sent: channel?.received ?? 0,
    can: ["part", "where", "files"],
    ...change,
  };
}

/** Our dial has connected; the other side has not sent hello yet. */
export const reaches =
  (session: string, path: "direct" | "relayed" = "direct", ways: readonly Way[] = []): Step =>
  (state) => {
    const link = wireNamed(state, session)?.dial?.id;
    if (link === undefined) return [];
    return [
      { type: "link/connected", link, role: "dialler", pin: pin(session), ownPin: pin("anna"), path, ways },
    ];
  };

/** The other side answers our hello. */
export const answers =
  (session: string, hello: Partial<Hello> = {}): Step =>
  (state) => {
    const link = wireNamed(state, session)?.dial?.id;
    return link === undefined ? [] : [{ type: "link/frame", link, frame: helloOf(state, session, hello) }];
  };

/** A link of this session comes up: by our dial if there is one, otherwise by theirs. */
export const linked =
  (session: string): Step =>
  (state) => {
    if (wireNamed(state, session)?.dial == null) return stepsOf(calls(session), state);
    const events = stepsOf(reaches(session), state);
    return [...events, ...stepsOf(answers(session), after(state, ...events))];
  };

/** Dials of this session fail. */
export const notReached =
  (session: string, text = "it is not there", ways: readonly Way[] = []): Step =>
  (state) => {
    const link = wireNamed(state, session)?.dial?.id;
    return link === undefined ? [] : [{ type: "link/failed", link, text, ways }];
  };

/** The other side, or the network, ends a link. */
export const unlinked =
  (session: string, end: "left" | "quit" | "closed" | "lost"): Step =>
  (state) => {
    if (end !== "lost") return stepsOf(frame(session, { type: "bye", reason: end }), state);
    const link = wireNamed(state, session)?.link?.id ?? `i-${session}`;
    return [
      { type: "link/closed", link, end: { kind: "lost", code: 1006, text: "the connection was lost" } },
    ];
  };

/** A frame arrives on the session's link. */
export const frame =
  (session: string, content: PeerMessage): Step =>
  (state) => [
    { type: "link/frame", link: wireNamed(state, session)?.link?.id ?? `i-${session}`, frame: content },
  ];

export const hear = (session: string, seq: number, text: string, at = NOW): Step =>
  frame(session, { type: "message", seq, at, text });
export const confirm = (session: string, received: number): Step => frame(session, { type: "ack", received });

export const fires = (key: Extract<CoreEvent, { type: "timer" }>["key"]): CoreEvent => ({
  type: "timer",
  key,
});

function stepsOf(step: Step, state: State): readonly CoreEvent[] {
  return typeof step === "function" ? step(state) : [step];
}

type Joined = Extract<ServerMessage, { type: "joined" }>;

export const joined = (name: string, change: Partial<Joined> = {}): Joined => ({
  type: "joined",
  name,
  resume: TOKEN,
  epoch: EPOCH,
  seq: 0,
  missed: 0,
  gap: false,
  you: { address: "192.168.1.7" },
  users: ["anna", "bobby", "carmen"].map((user) => ({ name: user })),
  ...change,
});
export const invite = (from: string, session = from, key = pin(from)): CoreEvent =>
  tell({ type: "invite", sid: sid(session), from, pin: key, expiresMs: 60_000 });
export const introduce = (
  id: string,
  to: string,
  session = to,
  change: Partial<Extract<ServerMessage, { type: "introduction" }>> = {},
): CoreEvent =>
  tell({
    type: "introduction",
    sid: sid(session),
    role: "A",
    peer: { name: to, pin: pin(to), card: CARD },
    id: messageId(id),
    ...change,
  });
/** The introduction for an accepted invitation. */
export const presented = (from: string, session = from): CoreEvent =>
  tell({
    type: "introduction",
    sid: sid(session),
    role: "B",
    peer: { name: from, pin: pin(from), card: CARD },
  });
export const said = (seq: number, from: string, text: string, id = `other.${seq}`): CoreEvent =>
  tell({ type: "said", seq, at: NOW, from, id: messageId(id), text });
export const numbered = (id: string, seq: number, at = NOW): CoreEvent =>
  tell({ type: "ack", id: messageId(id), seq, at });

// States that most tests begin with. The window's instance is `w`, so that its ids are `w.1`, `w.2`, …

/** No one has joined; the panel is visible. */
export const blank: State = after(initialState("w"), show(true));
/** anna in the lobby, with bobby and carmen. */
export const online: State = after(blank, join("anna"), open(), listening, tell(joined("anna")));
/** The maximum number of pending requests for private sessions. */
export const full: State = {
  ...online,
  invites: Array.from({ length: limits.sessions }, (_, i) => ({
    sid: sid(`${i}`),
    from: `guest${i}`,
    pin: pin(`guest${i}`),
    introduction: null,
    phase: "asking",
    formerPin: null,
    wanted: false,
    request: null,
  })),
};

/** anna is A of session 1 with bobby, and looks at it. */
export const withBobby: State = after(
  online,
  type("\\fork bobby"),
  introduce("w.1", "bobby"),
  linked("bobby"),
);
/** As before, and B of session 2 with carmen. */
export const withBoth: State = after(withBobby, invite("carmen"), linked("carmen"));
/** Like `withBoth`, with the server gone for so long that it is shown. */
export const offline: State = after(withBoth, close(), fires("grace"));

/** The effects which end a session's timers. */
export const noTimers = (session: string): (readonly [string, string])[] =>
  ["redial", "relay", "direct"].map((timer) => ["cancel", `${timer}:${sid(session)}`]);
