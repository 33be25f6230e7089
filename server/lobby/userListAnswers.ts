// Answers `users`, within a budget of bytes per key, per network and for all: in a full lobby, a request of some bytes brings a
// megabyte. One network cannot use up what there is for all. Pure.
import { networkKey } from "../../protocol/ipAddress.ts";
import { limits } from "../../protocol/limits.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import { Budgets } from "../budgets/budgets.ts";
import type { Client, Member } from "../names/client.ts";
import { userListFrame } from "../fanOut/frame.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import type { Notices } from "./notices.ts";
import { userOf, type UserList } from "./userList.ts";

type Dependencies = {
  readonly users: UserList;
  readonly notices: Pick<Notices, "known">;
  readonly outbox: Outbox;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
};

export class UserListAnswers {
  readonly #deps: Dependencies;
  readonly #all: TokenBucket;
  readonly #ofKey = new Budgets(
    { bytes: { perSecond: limits.listBytesPerSecond, burst: limits.listBurstBytes } },
    2 * limits.clients,
  );

  readonly #ofNetwork = new Budgets<"bytes", string>(
    { bytes: { perSecond: limits.networkListsBytesPerSecond, burst: limits.networkListsBurstBytes } },
    2 * limits.clients,
  );

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#all = new TokenBucket(limits.allListsBytesPerSecond, limits.allListsBurstBytes, deps.now());
  }

  answer(client: Client, member: Member): void {
    const { pin, address } = member.value;
    const network = networkKey(address);
    const now = this.#deps.now();
    const retryMs = Math.max(
      this.#all.wait(now),
      this.#ofNetwork.wait("bytes", network, now),
      this.#ofKey.wait("bytes", pin, now),
    );
    if (retryMs > 0) {
      client.fail("rate-limited", { retryMs });
      return;
    }
    const items = this.#deps.users.items();
    this.#all.charge(now, items.length);
    this.#ofNetwork.charge("bytes", network, now, items.length);
    this.#ofKey.charge("bytes", pin, now, items.length);
    const own = this.#deps.notices.known(member) === undefined ? [userOf(member)] : [];
    client.mustRead();
    this.#deps.outbox.send(client, userListFrame({ type: "users", items: own }, items));
  }
}
