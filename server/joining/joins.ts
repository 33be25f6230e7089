// Handles `join`: cheap checks first, then the signature in its turn, then the hall decides. Refusals are answered and logged.
import { addressKey } from "../../protocol/ipAddress.ts";
import type { Pin, Token } from "../../protocol/fields.ts";
import type { LeaveReason } from "../../protocol/rendezvous.ts";
import { limits } from "../../protocol/limits.ts";
import type { AccessToken } from "../admission/accessToken.ts";
import type { Log } from "../base/log.ts";
import type { Effect } from "../hall/commands.ts";
import type { LobbyLog, TakeBack } from "../hall/lobbyLog.ts";
import type { Client } from "../names/client.ts";
import { tokenDigest } from "../names/member.ts";
import { checkClaim, checkProof, full, lookalike, refusalForLog, tooManyProofs } from "./joinChecks.ts";
import type { Join, Refusal } from "./joinChecks.ts";
import { JoinGate } from "./joinGate.ts";
import { Lineages } from "./lineages.ts";

export type JoinsDependencies = {
  readonly accessToken: AccessToken | undefined;
  readonly lobbyLog: LobbyLog;
  /** The number of the lobby's last message. */
  readonly seq: () => number;
  /** Takes one join from the key's budget: 0, or the milliseconds until there is one. */
  readonly takeJoin: (pin: Pin) => number;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** A number for a connection, which is never used again. */
  readonly newConnection: () => number;
  readonly newToken: () => Token;
  /** Random bytes that resume tokens are signed with. */
  readonly resumeSecret: Buffer;
  /** Calls back once, in the next turn of the event loop (`setImmediate`). */
  readonly nextTurn: (turn: () => void) => void;
};

/** A connection that waits for the hall's decision. */
export type Asking = {
  readonly client: Client;
  /** Its number. */
  readonly connection: number;
  /** Takes the question back; undefined while it is being asked. */
  takeBack: TakeBack | undefined;
  /** What it has seen. */
  readonly lastSeen: Join["lastSeen"];
  /** The number of the lobby's last message when the client first joined, if it did so before. */
  readonly cameAt: number | undefined;
  /** The token that it gets. */
  readonly resume: Token;
  /** Why the connection has ended, if it has. */
  ended: LeaveReason | undefined;
};

export class Joins {
  readonly #deps: JoinsDependencies;
  readonly #gate: JoinGate;
  readonly #lineages: Lineages;
  /** By the number of the connection. */
  readonly #asking = new Map<number, Asking>();
  readonly #byClient = new Map<Client, Asking>();

  constructor(deps: JoinsDependencies) {
    this.#deps = deps;
    this.#gate = new JoinGate(deps.now, deps.nextTurn);
    this.#lineages = new Lineages(deps.resumeSecret);
  }

  /** Answers a `join`, now or in a later turn. */
  join(client: Client, join: Join): void {
    const claimed = checkClaim(join, this.#deps.accessToken);
    if (!claimed.ok) {
      this.#refuse(client, claimed.error);
      return;
    }
    const retryMs = this.#byClient.has(client)
      ? limits.strangerRetryMs
      : this.#gate.pass(client, () => this.#prove(client, join, claimed.value));
    if (retryMs > 0) this.#refuse(client, tooManyProofs(retryMs));
  }

  /** The hall has decided about a connection: gives what it asked for, once. */
  takeAsking(connection: number): Asking | undefined {
    const asking = this.#asking.get(connection);
    this.#asking.delete(connection);
    if (asking !== undefined) this.#byClient.delete(asking.client);
    return asking;
  }

  /** A connection has ended that is not a member's. */
  ended(client: Client, reason: LeaveReason): void {
    const asking = this.#byClient.get(client);
    if (asking === undefined) return;
    asking.ended = reason;
    if (asking.takeBack?.() === true) this.takeAsking(asking.connection);
  }

  /** The hall has refused the name, or has no place. */
  refused({ connection, name, why }: Extract<Effect<Client>, { type: "refused" }>): void {
    const asking = this.takeAsking(connection);
    if (asking !== undefined) this.#refuse(asking.client, why === "full" ? full : lookalike(name));
  }

  /** Returns whether the signature was right. */
  #prove(client: Client, join: Join, name: string): boolean {
    const proven = checkProof(client, join, this.#deps.takeJoin);
    if (proven.ok) this.#ask(client, join, name, proven.value);
    else this.#refuse(client, proven.error);
    return proven.ok || proven.error.code !== "signature";
  }

  #ask(client: Client, { resume: shown, lastSeen }: Join, name: string, pin: Pin): void {
    const { newConnection, newToken, seq } = this.#deps;
    const known = this.#lineages.find(shown, pin);
    const lineage = known ?? this.#lineages.start(seq(), newToken());
    const resume = this.#lineages.token(lineage, pin, newToken());
    const connection = newConnection();
    const asking: Asking = {
      ...{ client, connection, lastSeen, resume },
      cameAt: known?.cameAt,
      takeBack: undefined,
      ended: undefined,
    };
    this.#asking.set(connection, asking);
    this.#byClient.set(client, asking);
    asking.takeBack = this.#deps.lobbyLog.append({
      type: "enter",
      connection,
      name,
      pin,
      address: addressKey(client.address),
      lineage: lineage.id,
      token: tokenDigest(resume),
      ...(shown === undefined ? {} : { shown: tokenDigest(shown) }),
    });
  }

  #refuse(client: Client, refusal: Refusal): void {
    const { code, text, ...details } = refusal;
    client.refuse(code, text, details);
    this.#deps.log("warn", "join-refused", { address: client.address, ...refusalForLog(refusal) });
  }
}
