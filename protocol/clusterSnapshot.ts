// The saved state of a lobby and its log, as servers with one lobby write it for those that come later.
import * as v from "valibot";
import { Life, LogHash, TokenDigest } from "./cluster.ts";
import { LobbyAbout, MessageId, PeerName, Pin, Presence, SessionId, Timestamp } from "./fields.ts";

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Ranked = v.array(v.tuple([v.string(), Count]));
const RankedPins = v.array(v.tuple([Pin, Count]));
const AddressCounts = v.object({
  networks: Ranked,
  addresses: v.array(v.tuple([v.string(), Ranked])),
});
const KeyCounts = v.object({
  ...AddressCounts.entries,
  pins: v.array(v.tuple([v.string(), RankedPins])),
});

const Member = v.object({
  connection: Count,
  pin: Pin,
  address: v.string(),
  since: Timestamp,
  presence: Presence,
  token: TokenDigest,
  former: v.array(TokenDigest),
  turns: Count,
  lineage: v.string(),
});

const Held = v.object({
  name: PeerName,
  pin: Pin,
  address: v.string(),
  since: v.number(),
  first: v.number(),
});

const Invite = v.object({
  sid: SessionId,
  id: MessageId,
  caller: v.string(),
  callee: v.string(),
  connection: Count,
});

/** Who is here, the lobby's messages, and open invitations. */
export const HallState = v.object({
  registry: v.object({
    here: v.array(v.tuple([PeerName, Member])),
    held: v.object({ names: v.array(Held), counts: AddressCounts }),
  }),
  lobby: v.object({
    seq: Count,
    history: v.array(v.object({ about: v.nullable(LobbyAbout), frame: v.string() })),
    lastEdits: v.array(v.tuple([Count, Count])),
    authors: v.array(v.nullable(Pin)),
    ids: v.object({
      entries: v.array(v.tuple([v.string(), Pin, v.string(), Count, Timestamp])),
      counts: KeyCounts,
    }),
  }),
  invitations: v.object({
    open: v.array(v.tuple([Invite, v.object({ pin: Pin, address: v.string() })])),
    counts: KeyCounts,
  }),
});

/**
 * Of the log: the time of the last entry; the servers that are there, with the number of their last entries and where other
 * servers reach them; the highest life there has been, those near it that are over, and those whose members may still
 * reconnect; the hash of all entries; and how many entries, with how many characters, and beats there were since the last
 * snapshot.
 */
export const ReplicaState = v.object({
  at: Timestamp,
  nodes: v.array(v.tuple([Life, v.object({ n: Count, link: v.string() })])),
  newest: Count,
  over: v.array(Life),
  lost: v.array(Life),
  hash: LogHash,
  entries: Count,
  characters: Count,
  beats: Count,
});
export type ReplicaState = v.InferOutput<typeof ReplicaState>;

export const ClusterState = v.object({ replica: ReplicaState, hall: HallState });
export type ClusterState = v.InferOutput<typeof ClusterState>;
