// What the rendezvous is given: the server's settings, its clocks and timers, and randomness.
import type { Epoch, SessionId, Token } from "../../protocol/fields.ts";
import type { AccessToken } from "../admission/accessToken.ts";
import type { Log } from "../base/log.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import type { HeldName } from "../names/heldNames.ts";
import type { NamesChanged } from "../names/nameStore.ts";

export type RendezvousDependencies = {
  readonly epoch: Epoch;
  readonly reach: "loopback" | "network";
  readonly framesPerSecond: number;
  /** What the lobby gives each reader for long. */
  readonly lobbyBytesPerSecond: number;
  /** Lobby messages that somebody gets who has seen none. */
  readonly newcomerMessages: number;
  /** Bytes of lobby messages that are kept for those who come later. */
  readonly historyBytes: number;
  /** Whether there is a relay to give tickets for. */
  readonly relay: boolean;
  /** What who joins must show; undefined: nothing. */
  readonly accessToken: AccessToken | undefined;
  /** Names of people who were here before, and who is told when those have changed. */
  readonly heldNames: readonly HeldName[];
  readonly heldNamesChanged: NamesChanged;
  readonly outbox: Outbox;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
  readonly newSessionId: () => SessionId;
  readonly newToken: () => Token;
  /** Random bytes that resume tokens are signed with. */
  readonly resumeSecret: Buffer;
  /** Calls back once, in the next turn of the event loop (`setImmediate`). */
  readonly nextTurn: (turn: () => void) => void;
  /** Calls `expire` after so many milliseconds. Never asked for twice at a time. */
  readonly wake: (ms: number) => void;
  /** Calls back after so many milliseconds; returns what takes that back. */
  readonly later: (ms: number, call: () => void) => () => void;
};
