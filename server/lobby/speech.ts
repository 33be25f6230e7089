// A lobby message's way to the hall and back: it is checked, and waits for its turn. Its author's connection is not read
// meanwhile, so nothing overtakes it. The hall numbers it, and it is sent to everyone. Pure.
import type { Tally } from "../base/tally.ts";
import type { Client, Member } from "../names/client.ts";
import { messageFrame } from "../fanOut/frame.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import { aboutProblem } from "../hall/aboutProblem.ts";
import type { Effect, SayMessage } from "../hall/commands.ts";
import type { Hall } from "../hall/hall.ts";
import { isChange } from "../hall/lobby.ts";
import type { LobbyLog } from "../hall/lobbyLog.ts";
import { LobbyPace, type PaceDependencies } from "./lobbyPace.ts";
import { textProblem } from "./textProblem.ts";

type Saying = {
  readonly client: Client;
  readonly member: Member;
  readonly message: SayMessage;
  /** Size as received. What goes out has no longer text, because JSON's escapes are the shortest there. */
  readonly bytes: number;
};

type SpeechDependencies = Pick<PaceDependencies, "readers" | "now" | "later"> & {
  readonly lobbyBytesPerSecond: number;
  readonly hall: Pick<Hall<Client>, "lobby">;
  readonly lobbyLog: LobbyLog;
  readonly outbox: Outbox;
  readonly tally: Pick<Tally, "messages">;
  /** Whether a member is connected to this server. */
  readonly hasReaders: () => boolean;
  /** Called before a member's message goes out. */
  readonly speaks: (member: Member) => void;
};

/** Bytes that a message gains when it is sent on: number, time, the author's key and the longest name. */
const ADDED_BYTES = 260;

type Waiting = Saying & { readonly speaker: Member["value"]; readonly isChange: boolean };

export class Speech {
  readonly #deps: SpeechDependencies;
  readonly #pace: LobbyPace<Waiting>;
  /** At most one of each connection, which is not read meanwhile. */
  readonly #waiting = new Map<Client, Waiting>();
  /** Those whose message is on its way to the hall. They are not read meanwhile, either. */
  readonly #asking = new Set<Client>();

  constructor(deps: SpeechDependencies) {
    this.#deps = deps;
    this.#pace = new LobbyPace(
      { ...deps, bytesPerSecond: deps.lobbyBytesPerSecond },
      ({ client, member, message }) => {
        this.#waiting.delete(client);
        const { key, value } = member;
        this.#asking.add(client);
        deps.lobbyLog.append({ type: "say", key, connection: value.connection, message });
        if (this.#asking.has(client)) client.pause("turn");
      },
      ({ client, message: { id } }, retryMs) => {
        this.#waiting.delete(client);
        client.fail("rate-limited", { id, retryMs });
        client.resume("turn");
      },
    );
  }

  /** A member wants to say something, within the rate of messages. */
  say(saying: Saying): void {
    const { client, member, message, bytes } = saying;
    const problem = textProblem(message.text);
    if (problem !== undefined) client.fail(problem, { id: message.id });
    else if (this.#isNew(saying)) {
      const speech = {
        ...saying,
        speaker: member.value,
        isChange: isChange(message),
        bytes: bytes + ADDED_BYTES,
      };
      if (!this.#pace.ask(speech)) return;
      this.#waiting.set(client, speech);
      client.pause("turn");
    }
  }

  /** The hall has numbered a message, or knew it. */
  said({ member, id, seq, at, isChange, frame }: Extract<Effect<Client>, { type: "said" }>): void {
    const { outbox, hasReaders, speaks, tally } = this.#deps;
    const { client } = member.value;
    if (frame !== undefined) speaks(member);
    if (client === undefined) {
      if (frame === undefined) return;
      // Without readers, the server is still reading what it has missed.
      if (hasReaders()) this.#pace.passed({ speaker: member.value, bytes: frame.length, isChange });
      outbox.publish(frame);
      return;
    }
    if (frame !== undefined) tally.messages += 1;
    const ack = messageFrame({ type: "ack", id, seq, at });
    if (frame === undefined) outbox.send(client, [ack]);
    else outbox.publish(frame, client, ack);
    this.#answered(client);
  }

  /** The hall has found that a message cannot be sent. */
  failed({ member, sid }: Extract<Effect<Client>, { type: "failed" }>): void {
    const { client } = member.value;
    if (client !== undefined && sid === undefined) this.#answered(client);
  }

  /** The connection has ended. Its waiting message is resent on the next one, or never. */
  forget(client: Client): void {
    this.#asking.delete(client);
    const speech = this.#waiting.get(client);
    if (speech === undefined) return;
    this.#waiting.delete(client);
    this.#pace.drop(speech);
  }

  #answered(client: Client): void {
    if (this.#asking.delete(client)) client.resume("turn");
  }

  /**
   * Answers a resent message with its number, even if what it refers to is forgotten; and answers what cannot be sent. The hall
   * decides again when it is its turn.
   */
  #isNew({ client, member, message }: Saying): boolean {
    const { id, text, about } = message;
    const { lobby } = this.#deps.hall;
    const known = lobby.find(member.value.lineage, id);
    if (known !== undefined) {
      this.said({ type: "said", member, id, ...known, isChange: isChange(message), frame: undefined });
      return false;
    }
    if (about === undefined) return true;
    const problem = aboutProblem(member.value.pin, text, about, lobby.authorOf(about.seq));
    if (problem !== undefined) client.fail(problem, { id });
    return problem === undefined;
  }
}
