// A lobby message's way: it is checked, waits for its turn, gets its number, and goes out. Its author's connection is not
// read meanwhile, so nothing overtakes it. Pure.
import type { LobbyAbout } from "../../protocol/fields.ts";
import { contentOf, lobbyBody } from "../../protocol/messageContent.ts";
import type { ClientMessage } from "../../protocol/rendezvous.ts";
import type { Client, Member } from "../names/client.ts";
import { messageFrame, retoldFrame } from "../fanOut/frame.ts";
import type { Lobby } from "./lobby.ts";
import { LobbyPace, type PaceDependencies } from "./lobbyPace.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import { aboutProblem, textProblem } from "./sayChecks.ts";

type Said = {
  readonly client: Client;
  readonly member: Member;
  readonly message: Extract<ClientMessage, { type: "say" }>;
  /** Size as received. What goes out has no longer text, because JSON's escapes are the shortest there. */
  readonly bytes: number;
};

type SpeechDependencies = Pick<PaceDependencies, "readers" | "now" | "later"> & {
  readonly lobbyBytesPerSecond: number;
  readonly lobby: Lobby;
  readonly outbox: Outbox;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
  /** Called before a member's message goes out. */
  readonly speaks: (member: Member) => void;
};

/** Bytes that a message gains when it is sent on: number, time, the author's key and the longest name. */
const ADDED_BYTES = 260;

type Waiting = Said & { readonly speaker: Member["value"]; readonly isChange: boolean };

export class Speech {
  readonly #deps: SpeechDependencies;
  readonly #pace: LobbyPace<Waiting>;
  /** At most one of each connection, which is not read meanwhile. */
  readonly #waiting = new Map<Client, Waiting>();

  constructor(deps: SpeechDependencies) {
    this.#deps = deps;
    this.#pace = new LobbyPace(
      { ...deps, bytesPerSecond: deps.lobbyBytesPerSecond },
      (said) => {
        this.#waiting.delete(said.client);
        this.#tell(said);
        said.client.resume("turn");
      },
      ({ client, message: { id } }, retryMs) => {
        this.#waiting.delete(client);
        client.fail("rate-limited", { id, retryMs });
        client.resume("turn");
      },
    );
  }

  /** A member has sent a message, within the rate of messages. */
  say(said: Said): void {
    const { client, member, message, bytes } = said;
    const problem = textProblem(message.text);
    if (problem !== undefined) client.fail(problem, { id: message.id });
    else if (this.#isNew(said)) {
      const isChange = message.about !== undefined && message.about.kind !== "reply";
      const speech = { ...said, speaker: member.value, isChange, bytes: bytes + ADDED_BYTES };
      if (!this.#pace.ask(speech)) return;
      this.#waiting.set(client, speech);
      client.pause("turn");
    }
  }

  /** The connection has ended. Its waiting message is resent on the next one, or never. */
  forget(client: Client): void {
    const speech = this.#waiting.get(client);
    if (speech === undefined) return;
    this.#waiting.delete(client);
    this.#pace.drop(speech);
  }

  #tell(said: Said): void {
    // Meanwhile, the message that it refers to may have been retracted, or the client may have sent it elsewhere.
    if (!this.#isNew(said)) return;
    const { client, member, message } = said;
    const { id, text, about } = message;
    const { lobby, outbox } = this.#deps;
    const { lineage: author, pin } = member.value;
    // Newcomers must not get retracted or replaced text.
    if (about?.kind === "retract") lobby.retell(about.seq, { text }, retoldFrame);
    if (about?.kind === "edit") lobby.retell(about.seq, contentOf(message), retoldFrame);
    const from = member.name;
    const { seq, at, frame } = lobby.say(
      { author, owner: member.value, id, about },
      this.#deps.wallTime(),
      (seq, at) => messageFrame({ type: "said", seq, at, from, pin, id, ...bodyToPassOn(message) }),
    );
    this.#deps.speaks(member);
    outbox.publish(frame, client, messageFrame({ type: "ack", id, seq, at }));
  }

  /** Answers a resent message with its number, even if what it refers to is forgotten; and answers what cannot be sent. */
  #isNew({ client, member, message: { id, text, about } }: Said): boolean {
    const { lobby, outbox } = this.#deps;
    const again = lobby.find(member.value.lineage, id);
    if (again !== undefined) {
      outbox.send(client, [messageFrame({ type: "ack", id, seq: again.seq, at: again.at })]);
      return false;
    }
    if (about === undefined) return true;
    const problem = aboutProblem(member.value.pin, text, about, lobby.authorOf(about.seq));
    if (problem !== undefined) client.fail(problem, { id });
    return problem === undefined;
  }
}

/** A reaction or a retraction is nothing but its text. */
function bodyToPassOn(message: Said["message"]): ReturnType<typeof lobbyBody<LobbyAbout>> {
  const { text, about } = message;
  return about?.kind === "react" || about?.kind === "retract" ? { text, about } : lobbyBody(message);
}
