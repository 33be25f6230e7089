// The load generator's tasks and answers: one answer for each task, over the channel between the two processes.
import * as v from "valibot";

export const dialectNames = ["forkChat", "webSocket", "socketIo", "nats"] as const;

/** Where to connect, and the process whose CPU time to read. */
const Server = v.object({
  dialect: v.picklist(dialectNames),
  port: v.number(),
  pid: v.number(),
});
export type Server = v.InferOutput<typeof Server>;

export const Task = v.variant("kind", [
  /** So many clients join; at most `atOnce` are on their way at a time. */
  v.object({
    kind: v.literal("open"),
    server: Server,
    clients: v.number(),
    atOnce: v.number(),
    /** The number of the first client. Clients of several generators in one lobby need numbers of their own. */
    first: v.number(),
  }),
  /** `authors` of them keep so many messages in flight each. */
  v.object({
    kind: v.literal("saturate"),
    authors: v.number(),
    inFlight: v.number(),
    warmMs: v.number(),
    ms: v.number(),
  }),
  /** Authors send at random times, this many messages a second in all, regardless of replies. */
  v.object({
    kind: v.literal("pace"),
    authors: v.number(),
    perSecond: v.number(),
    warmMs: v.number(),
    ms: v.number(),
  }),
  /** Clients that are disconnected from now on join again at these ports, as the extension does. Ends when all have. */
  v.object({ kind: v.literal("rejoin"), ports: v.array(v.number()) }),
  /** Does nothing for this time. */
  v.object({ kind: v.literal("rest"), ms: v.number() }),
  /** One more client, which reads nothing once it has joined; joins again when it is cut off. */
  v.object({ kind: v.literal("stall") }),
  /** It goes. */
  v.object({ kind: v.literal("unstall") }),
  v.object({ kind: v.literal("close") }),
]);
export type Task = v.InferOutput<typeof Task>;

const Quantiles = v.object({ median: v.number(), p99: v.number() });

export const Answer = v.object({
  /** Set when the task could not be done. */
  error: v.exactOptional(v.string()),
  seconds: v.number(),
  /** Frames with a message, at all clients. */
  delivered: v.number(),
  serverSeconds: v.number(),
  generatorSeconds: v.number(),
  /** Processor time that neither of the two has used. */
  otherSeconds: v.number(),
  /** With `pace`: milliseconds from the author's write to a reader's read, over all readers. */
  latency: v.exactOptional(Quantiles),
  /** With `pace`: the same to the author's read of the acknowledgement. */
  acknowledged: v.exactOptional(Quantiles),
  /** With `rejoin`: milliseconds from its beginning until a client had joined again. */
  back: v.exactOptional(Quantiles),
  /** Notices that someone has left, at all clients so far. */
  left: v.exactOptional(v.number()),
  /** With `open`: the server's processor time after each fifth of the clients. */
  fifths: v.exactOptional(v.array(v.number())),
  /** With `stall`, and what follows: how often the one that does not read was cut off. */
  cutOff: v.exactOptional(v.number()),
});
export type Answer = v.InferOutput<typeof Answer>;

/** Of what is not measured. */
export const noCost = {
  ...{ seconds: 0, delivered: 0 },
  ...{ serverSeconds: 0, generatorSeconds: 0, otherSeconds: 0 },
};
