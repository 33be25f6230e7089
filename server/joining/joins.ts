// Handles `join`: cheap checks first, then the signature in its turn, then the rest. Refusals are answered and logged.
import type { AccessToken } from "../admission/accessToken.ts";
import type { Client } from "../names/client.ts";
import { checkClaim, checkJoin, refusalForLog, tooManyProofs } from "./joinChecks.ts";
import type { Admitted, Join, JoinPolicy, Refusal } from "./joinChecks.ts";
import { JoinGate } from "./joinGate.ts";
import type { Log } from "../base/log.ts";

export type JoinsDependencies = JoinPolicy & {
  readonly accessToken: AccessToken | undefined;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Calls back once, in the next turn of the event loop (`setImmediate`). */
  readonly nextTurn: (turn: () => void) => void;
  readonly enter: (client: Client, join: Join, admitted: Admitted) => void;
};

export class Joins {
  readonly #deps: JoinsDependencies;
  readonly #gate: JoinGate;

  constructor(deps: JoinsDependencies) {
    this.#deps = deps;
    this.#gate = new JoinGate(deps.now, deps.nextTurn);
  }

  /** Answers a `join`, now or in a later turn. */
  join(client: Client, join: Join): void {
    const claimed = checkClaim(join, this.#deps.accessToken);
    if (!claimed.ok) {
      this.#refuse(client, claimed.error);
      return;
    }
    const retryMs = this.#gate.pass(client, () => this.#prove(client, join, claimed.value));
    if (retryMs > 0) this.#refuse(client, tooManyProofs(retryMs));
  }

  /** Returns whether the signature was right. */
  #prove(client: Client, join: Join, name: string): boolean {
    const checked = checkJoin(client, join, name, this.#deps);
    if (checked.ok) this.#deps.enter(client, join, checked.value);
    else this.#refuse(client, checked.error);
    return checked.ok || checked.error.code !== "signature";
  }

  #refuse(client: Client, refusal: Refusal): void {
    const { code, text, ...details } = refusal;
    client.refuse(code, text, details);
    this.#deps.log("warn", "join-refused", { address: client.address, ...refusalForLog(refusal) });
  }
}
