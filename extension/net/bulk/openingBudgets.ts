// How often a key may open a bulk link.
import type { Pin } from "../../../protocol/fields.ts";
import { TokenBucket } from "../../../protocol/tokenBucket.ts";
import type { NetContext } from "../dial/netContext.ts";

export type OpeningBudgets = {
  /** Takes from the key's budget. Returns whether there was something in it. */
  take(pin: Pin): boolean;
};

export function createOpeningBudgets({
  limits,
  clock,
}: Pick<NetContext, "limits" | "clock">): OpeningBudgets {
  /** Those used last are last. */
  const budgets = new Map<Pin, TokenBucket>();
  return {
    take(pin) {
      const { bulkLinksPerSecond, bulkLinkBurst, sessions } = limits;
      const budget = budgets.get(pin) ?? new TokenBucket(bulkLinksPerSecond, bulkLinkBurst, clock());
      budgets.delete(pin);
      budgets.set(pin, budget);
      const [oldest] = budgets.keys();
      if (budgets.size > sessions && oldest !== undefined) budgets.delete(oldest);
      return budget.take(clock()) === 0;
    },
  };
}
