// The version before messages had parts: frames recorded from its server and its window, what it checks of each frame that it
// gets, and a network that speaks as it does.
import * as v from "valibot";
import type { NetworkEvent } from "../../extension/core/model/ports.ts";
import type { createNetwork } from "../../extension/net/network.ts";

/** What its server says to a client that joins as anna, and about a message whose `say` had a part. */
export const serverBefore = {
  challenge:
    '{"type":"challenge","v":2,"nonce":"B1XfvY18gxbNyxdz1FFcYg","epoch":"wV2Rlb0UOIEzGrFb5FG-Tw","reach":"loopback","relay":true,"token":false,"limits":{"frameBytes":102400,"textBytes":16384,"framesPerSecond":50},"at":1795934205492}',
  joined:
    '{"type":"joined","name":"anna","resume":"GThyibMPmardolGaM6I7j00000000000000000000001NPaFLHt-L0Rqk1jM1z0wiw","epoch":"wV2Rlb0UOIEzGrFb5FG-Tw","seq":0,"missed":0,"gap":false,"you":{"address":"127.0.0.1"},"users":[{"name":"anna"}]}',
  said: '{"type":"said","seq":1,"at":1795934205539,"from":"anna","pin":"rxvGp13TsdbBdP9QJjUzym2yrn5kFJnMWBt_d4tCEFk","id":"w.1","text":"line 2"}',
} as const;

/** What its window says to the server and to a peer. */
export const windowBefore = {
  say: '{"type":"say","id":"w.1","text":"line 2"}',
  hello:
    '{"type":"hello","v":2,"sid":"session-bobby","n":1,"boot":"uuuuuuuuuuuuuuuuuuuuuu","knows":null,"received":0,"sent":0}',
  message: '{"type":"message","seq":1,"at":1700000000000,"text":"hello"}',
} as const;

const Seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Received = v.union([v.literal(0), Seq]);
const Id = v.pipe(v.string(), v.regex(/^[\w.:-]{1,64}$/));
const Key = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/));
const Text = v.pipe(
  v.string(),
  v.regex(/^\P{Surrogate}*$/u),
  v.check((text) => Buffer.byteLength(text) <= 16_384),
);
const At = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const of = v.picklist(["mine", "yours"]);

const LobbyAbout = v.variant("kind", [
  v.object({ kind: v.picklist(["reply", "edit", "retract"]), seq: Seq }),
  v.object({ kind: v.literal("react"), seq: Seq, on: v.boolean() }),
]);
const PeerAbout = v.variant("kind", [
  v.object({ kind: v.literal("reply"), of, seq: Seq }),
  v.object({ kind: v.picklist(["edit", "retract"]), seq: Seq }),
  v.object({ kind: v.literal("react"), of, seq: Seq, on: v.boolean() }),
]);

type Schemas = Readonly<Record<string, v.GenericSchema<unknown, object>>>;

/** Types whose fields are the same today. */
const same = (...types: readonly string[]): Schemas =>
  Object.fromEntries(types.map((type) => [type, v.looseObject({})]));

/** What its server reads. */
const toServer: Schemas = {
  ...same("users", "presence", "fork", "withdraw", "accept", "decline", "reach"),
  say: v.object({ type: v.string(), id: Id, text: Text, about: v.exactOptional(LobbyAbout) }),
};

/** What its window reads from a server. */
const fromServer: Schemas = {
  ...same("joined", "refused", "ack", "users", "arrived", "presence", "left", "invite", "withdrawn"),
  ...same("introduction", "declined", "reach", "reaching", "error"),
  challenge: v.object({
    ...{ type: v.string(), v: v.number(), nonce: v.string(), epoch: Key, at: v.exactOptional(v.number()) },
    ...{ reach: v.picklist(["loopback", "network"]), relay: v.boolean(), token: v.boolean() },
    limits: v.object({ frameBytes: v.number(), textBytes: v.number(), framesPerSecond: v.number() }),
  }),
  said: v.object({
    ...{ type: v.string(), seq: Seq, at: At, from: v.string(), pin: v.exactOptional(v.string()), id: Id },
    ...{ text: Text, about: v.exactOptional(LobbyAbout) },
  }),
};

/** What its window reads from a peer. */
const fromPeer: Schemas = {
  ...same("ack", "read", "typing", "presence", "addresses", "verified", "introduce", "consent", "introduced"),
  ...same("bye", "error"),
  hello: v.object({
    ...{ type: v.string(), v: v.literal(2), sid: Key, n: Seq, boot: Key, knows: v.nullable(Key) },
    ...{ received: Received, sent: Received },
  }),
  message: v.object({ type: v.string(), seq: Seq, at: At, text: Text, about: v.exactOptional(PeerAbout) }),
};

/** The network of a window that is of that version, or is connected to a server of that version. */
export class NetworkBefore {
  /** Fields and types that it did not know and left out, such as `hello.can` and `where`. */
  readonly unknown = new Set<string>();
  /** Types of frames at which it ended the connection. */
  readonly refused: string[] = [];
  readonly #create: typeof createNetwork;
  readonly #is: "window" | "server";

  constructor(create: typeof createNetwork, is: "window" | "server") {
    this.#create = create;
    this.#is = is;
  }

  readonly create: typeof createNetwork = (options) => {
    const emit = (event: NetworkEvent): void => {
      const heard = this.#heard(event);
      if (heard !== null) options.emit(heard);
    };
    const network = this.#create({ ...options, emit });
    return {
      ...network,
      send: (connection, message) => {
        const sent = this.#passed(toServer, message);
        if (sent !== null) network.send(connection, sent);
      },
      sendLink: (link, frame) => {
        const sent = this.#is === "window" ? this.#passed(fromPeer, frame, new Set()) : frame;
        if (sent !== null) network.sendLink(link, sent);
      },
    };
  };

  #heard(event: NetworkEvent): NetworkEvent | null {
    switch (event.type) {
      case "rendezvous/opened": {
        const challenge = this.#passed(fromServer, event.challenge);
        return challenge && { ...event, challenge };
      }
      case "rendezvous/message": {
        const message = this.#passed(fromServer, event.message);
        return message && { ...event, message };
      }
      case "link/frame": {
        const frame = this.#is === "window" ? this.#passed(fromPeer, event.frame) : event.frame;
        return frame && { ...event, frame };
      }
      default:
        return event;
    }
  }

  /** The message with the fields that this version knows; null if it ignores or refuses it. */
  #passed<T extends { readonly type: string }>(
    schemas: Schemas,
    message: T,
    unknown = this.unknown,
  ): T | null {
    const { type } = message;
    const schema = schemas[type];
    if (schema === undefined) {
      unknown.add(type);
      return null;
    }
    const known = v.safeParse(schema, message);
    if (!known.success) {
      this.refused.push(type);
      return null;
    }
    for (const name of Object.keys(message)) if (!(name in known.output)) unknown.add(`${type}.${name}`);
    return known.output as T;
  }
}
