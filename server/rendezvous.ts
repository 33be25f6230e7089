// The server's behaviour: what each message of a client does to the directory, the lobby and the introductions,
// and who is told. Connections call it; time, randomness and timers are handed in.
import { closeCodes, type ErrorCode, type RefusedCode } from "../protocol/errors.ts";
import { utf8Length } from "../protocol/codec.ts";
import type { Epoch, MessageId, SessionId, Token } from "../protocol/fields.ts";
import { limits, PROTOCOL_VERSION } from "../protocol/limits.ts";
import { parseName } from "../protocol/names.ts";
import type { ClientMessage, LeaveReason, ServerMessage } from "../protocol/rendezvous.ts";
import { assertNever } from "../protocol/result.ts";
import { Directory, type Entry } from "./directory.ts";
import { messageFrame, userListFrame } from "./frame.ts";
import { Introductions, type Invite } from "./introductions.ts";
import { Lineages } from "./lineages.ts";
import { Lobby } from "./lobby.ts";
import type { Log } from "./log.ts";
import type { Outbox, Outlet } from "./outbox.ts";
import { isTokenOf, type Presence } from "./presence.ts";
import { UserList } from "./userList.ts";

type Member = Entry<Presence<Client>>;

/** What the rendezvous needs of a connection. */
export interface Client {
  readonly address: string;
  readonly outlet: Outlet;
  /** Set by the rendezvous: who this is, once it has joined. */
  member: Member | undefined;
  /** It has joined: the time for that is over. */
  joined(): void;
  /** Answers with an error; `id` is that of the message which failed. */
  fail(code: ErrorCode, details?: { id?: MessageId }): void;
  refuse(code: RefusedCode, text: string): void;
  close(code: number, reason: string): void;
}

export type RendezvousDependencies = {
  readonly epoch: Epoch;
  readonly reach: "loopback" | "network";
  readonly framesPerSecond: number;
  readonly outbox: Outbox;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
  readonly newSessionId: () => SessionId;
  readonly newToken: () => Token;
  /** Calls `expire` after so many milliseconds. Never asked for twice at a time. */
  readonly wake: (ms: number) => void;
};

export class Rendezvous {
  readonly #deps: RendezvousDependencies;
  readonly #challenge: Buffer;
  readonly #directory = new Directory<Presence<Client>>();
  readonly #users: UserList;
  readonly #lobby: Lobby;
  readonly #lineages = new Lineages(limits.clients);
  readonly #introductions = new Introductions(limits);
  #waking = false;

  constructor(deps: RendezvousDependencies) {
    this.#deps = deps;
    this.#lobby = new Lobby(deps.epoch, limits);
    this.#users = new UserList(() => namesOf(this.#directory));
    this.#challenge = messageFrame({
      type: "challenge",
      v: PROTOCOL_VERSION,
      epoch: deps.epoch,
      reach: deps.reach,
      limits: {
        frameBytes: limits.frameBytes,
        textBytes: limits.textBytes,
        framesPerSecond: deps.framesPerSecond,
      },
    });
  }

  connected(client: Client): void {
    this.#deps.outbox.send(client.outlet, [this.#challenge]);
  }

  received(client: Client, message: ClientMessage): void {
    const { member } = client;
    if (message.type === "join") {
      if (member === undefined) this.#join(client, message);
      else client.fail("already-joined");
      return;
    }
    if (member === undefined) {
      client.fail("not-joined", "id" in message ? { id: message.id } : {});
      return;
    }
    switch (message.type) {
      case "say":
        this.#say(client, member, message.id, message.text);
        return;
      case "users":
        this.#deps.outbox.send(
          client.outlet,
          userListFrame({ type: "users", items: [] }, this.#users.items()),
        );
        return;
      case "fork":
        this.#fork(client, member, message.id, message.to);
        return;
      case "accept":
      case "decline":
        this.#answer(client, member, message);
        return;
      default:
        assertNever(message);
    }
  }

  /** The connection is no more. One that was replaced, or never joined, is nobody's loss. */
  disconnected(client: Client, reason: LeaveReason): void {
    const { member } = client;
    if (member === undefined) return;
    client.member = undefined;
    this.#directory.remove(member.key);
    this.#users.invalidate();
    this.#deps.outbox.publish(messageFrame({ type: "left", name: member.name, reason }));
    for (const invite of this.#introductions.leave(member.key)) this.#decline(invite, member.name, "gone");
    this.#deps.log("info", "left", { name: member.name, reason, online: this.#directory.size });
  }

  overflowed(client: Client): void {
    this.#deps.log("warn", "slow-reader", { address: client.address, name: client.member?.name ?? "" });
  }

  /** Ends the invitations that nobody has answered in time. */
  expire(): void {
    this.#waking = false;
    for (const invite of this.#introductions.expire(this.#deps.now())) {
      this.#decline(invite, this.#directory.get(invite.callee)?.name ?? invite.callee, "timeout");
    }
    this.#wakeForExpiry();
  }

  #join(client: Client, message: Extract<ClientMessage, { type: "join" }>): void {
    if (message.v !== PROTOCOL_VERSION) {
      client.refuse("version", `This server speaks version ${PROTOCOL_VERSION} of the protocol.`);
      return;
    }
    const parsed = parseName(message.name);
    if (!parsed.ok) {
      client.refuse(parsed.error.code, parsed.error.text);
      return;
    }
    const token = this.#deps.newToken();
    const lineage = this.#lineages.enter(token, message.resume);
    const holder = this.#directory.find(parsed.value);
    const returns =
      holder !== undefined && message.resume !== undefined && isTokenOf(holder.value, message.resume);
    const member = returns
      ? holder
      : this.#directory.enter(parsed.value, { client, token, former: undefined, lineage });
    if (returns) {
      const { client: old } = member.value;
      member.value.client = client;
      member.value.former = member.value.token;
      member.value.token = token;
      member.value.lineage = lineage;
      old.member = undefined;
      old.close(closeCodes.replaced, "the same client has come back on another connection");
    } else {
      this.#users.append(member.name);
      this.#deps.outbox.publish(messageFrame({ type: "arrived", name: member.name }));
    }
    client.member = member;
    client.joined();
    this.#welcome(client, member, message.lastSeen);
    this.#deps.log("info", returns ? "resumed" : "joined", {
      name: member.name,
      address: client.address,
      online: this.#directory.size,
    });
  }

  #welcome(client: Client, member: Member, lastSeen: { epoch: Epoch; seq: number } | undefined): void {
    const { outbox } = this.#deps;
    const missed = lastSeen === undefined ? { frames: [], gap: false } : this.#lobby.since(lastSeen);
    outbox.send(client.outlet, [
      ...userListFrame(
        {
          type: "joined",
          name: member.name,
          resume: member.value.token,
          epoch: this.#lobby.epoch,
          seq: this.#lobby.seq,
          missed: missed.frames.length,
          gap: missed.gap,
          you: { address: client.address },
          users: [],
        },
        this.#users.items(),
      ),
      ...missed.frames,
    ]);
    outbox.listen(client.outlet);
  }

  #say(client: Client, member: Member, id: MessageId, text: string): void {
    if (text.trim() === "") {
      client.fail("message-empty", { id });
      return;
    }
    if (utf8Length(text) > limits.textBytes) {
      client.fail("message-too-long", { id });
      return;
    }
    const { outbox } = this.#deps;
    const again = this.#lobby.find(member.value.lineage, id);
    if (again !== undefined) {
      outbox.send(client.outlet, [messageFrame({ type: "ack", id, seq: again.seq, at: again.at })]);
      return;
    }
    const from = member.name;
    const { seq, at, frame } = this.#lobby.say(member.value.lineage, id, this.#deps.wallTime(), (seq, at) =>
      messageFrame({ type: "said", seq, at, from, id, text }),
    );
    outbox.publish(frame, client.outlet, messageFrame({ type: "ack", id, seq, at }));
  }

  #fork(client: Client, member: Member, id: MessageId, to: string): void {
    const callee = this.#directory.find(to);
    if (callee === undefined) {
      client.fail("unknown-user", { id });
      return;
    }
    const outcome = this.#introductions.fork({
      id,
      sid: this.#deps.newSessionId(),
      caller: member.key,
      callee: callee.key,
      now: this.#deps.now(),
    });
    if (!outcome.ok) {
      client.fail(outcome.error, { id });
      return;
    }
    switch (outcome.value.kind) {
      case "invited":
        this.#tell(callee, {
          type: "invite",
          sid: outcome.value.invite.sid,
          from: member.name,
          expiresMs: limits.introductionMs,
        });
        this.#wakeForExpiry();
        return;
      case "crossed":
        this.#tell(member, { type: "crossed", id, sid: outcome.value.sid, to: callee.name });
        return;
      default:
        assertNever(outcome.value);
    }
  }

  #answer(
    client: Client,
    member: Member,
    message: Extract<ClientMessage, { type: "accept" | "decline" }>,
  ): void {
    const invite = this.#introductions.answer(member.key, message.sid);
    if (invite === undefined) {
      client.fail("unknown-invite");
      return;
    }
    if (message.type === "decline") {
      this.#decline(invite, member.name, message.reason);
      return;
    }
    const { id, sid } = invite;
    const caller = this.#directory.get(invite.caller);
    if (caller === undefined) return;
    this.#tell(caller, { type: "introduction", id, sid, to: member.name, card: message.card });
  }

  #decline(invite: Invite, to: string, reason: Extract<ServerMessage, { type: "declined" }>["reason"]): void {
    const caller = this.#directory.get(invite.caller);
    if (caller !== undefined) this.#tell(caller, { type: "declined", id: invite.id, to, reason });
  }

  #tell(member: Member, message: ServerMessage): void {
    this.#deps.outbox.send(member.value.client.outlet, [messageFrame(message)]);
  }

  #wakeForExpiry(): void {
    const next = this.#introductions.nextExpiry;
    if (this.#waking || next === undefined) return;
    this.#waking = true;
    this.#deps.wake(Math.max(1, Math.ceil(next - this.#deps.now())));
  }
}

function* namesOf(directory: Directory<Presence<Client>>): Generator<string> {
  for (const { name } of directory.entries()) yield name;
}
