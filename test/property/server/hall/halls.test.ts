// Halls that one log feeds are equal after each command, also those that go on from a snapshot of another.
import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { Epoch, MessageId, SessionId, Token } from "../../../../protocol/fields.ts";
import { limits as realLimits } from "../../../../protocol/limits.ts";
import { parseName } from "../../../../protocol/nameRules.ts";
import type { Command, Effect, FromMember } from "../../../../server/hall/commands.ts";
import { Hall, type HallDependencies, type HallSnapshot } from "../../../../server/hall/hall.ts";
import { tokenDigest } from "../../../../server/names/member.ts";
import { pin } from "../../../support/core.ts";

/** So small that each is exceeded. */
const deps: HallDependencies = {
  epoch: v.parse(Epoch, "epoch-one"),
  limits: {
    ...realLimits,
    clients: 6,
    ...{ heldNames: 5, heldNamesPerKey: 2, heldNameMs: 1_000 },
    ...{
      historyMessages: 4,
      historyChanges: 3,
      historyBytes: 1_200,
      authors: 6,
      saidIds: 7,
      saidIdsPerKey: 3,
    },
    ...{ pendingForks: 2, openForksPerAddress: 3, openForks: 4 },
  },
  heldNames: [],
  heldNamesChanged: () => undefined,
};
const ADDRESSES = ["192.0.2.1", "192.0.2.2", "2001:db8:1:1::/64", "2001:db8:1:2::/64"];
const NAMES = ["anna", "ANNA", "bobby", "b0bby", "carmen", "dora", "emil"];

const n = fc.nat({ max: 50 });
const step = fc.record({
  kind: fc.constantFrom(
    ...["enter", "enter", "enter", "return", "leave", "quit", "attend", "say", "say", "say", "say", "change"],
    ...["change", "fork", "fork", "fork", "answer", "answer", "withdraw", "expire", "stale", "restore"],
  ),
  a: n,
  b: n,
  ms: fc.nat({ max: 200 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function item<T>(items: readonly T[], index: number): T | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}

/** Makes commands that suit what one hall knows. */
class Writer {
  readonly #hall: Hall<string>;
  readonly sids: SessionId[] = [];
  readonly #callees = new Map<SessionId, string>();
  readonly forks: { readonly from: FromMember; readonly id: MessageId }[] = [];
  #stale: FromMember[] = [];
  #count = 0;

  constructor(hall: Hall<string>) {
    this.#hall = hall;
  }

  command({ kind, a, b }: Step): Command | undefined {
    const count = ++this.#count;
    const members = [...this.#hall.members.entries()];
    const member = item(members, a);
    const from = member && { key: member.key, connection: member.value.connection };
    if (from !== undefined) this.#stale = [...this.#stale.slice(-20), from];
    const id = v.parse(MessageId, `m-${kind === "say" ? b % 12 : count}`);
    switch (kind) {
      case "enter":
      case "return": {
        const parsed = parseName((kind === "return" ? member?.name : item(NAMES, a)) ?? "anna");
        assert.ok(parsed.ok);
        return {
          type: "enter",
          connection: count,
          name: parsed.value,
          pin: kind === "return" && member !== undefined ? member.value.pin : pin(`key-${b % 6}`),
          address: item(ADDRESSES, b) ?? "",
          lineage: `lineage-${kind === "return" ? b % 2 : count}`,
          token: tokenDigest(v.parse(Token, `token-${count}`.padEnd(22, "-"))),
          ...(kind === "return" && member !== undefined ? { shown: member.value.token } : {}),
        };
      }
      case "stale": {
        const old = item(this.#stale, b);
        return old && { type: "leave", ...old, reason: "lost" };
      }
      case "expire": {
        const sid = item(this.sids, b);
        return sid === undefined ? undefined : { type: "expire", sid };
      }
      case "withdraw": {
        const fork = item(this.forks.slice(-3), b);
        return fork && { type: "withdraw", ...fork.from, id: fork.id };
      }
    }
    if (from === undefined) return undefined;
    switch (kind) {
      case "leave":
        return { type: "leave", ...from, reason: "lost" };
      case "quit":
        return { type: "leave", ...from, reason: "quit" };
      case "attend":
        return { type: "attend", ...from, state: b % 2 === 0 ? "away" : "here" };
      case "say":
        return { type: "say", ...from, message: { type: "say", id, text: "text ".repeat(1 + (b % 30)) } };
      case "change": {
        const seq = Math.max(1, this.#hall.lobby.seq - (b % 8));
        const kind = (["edit", "retract", "react", "reply"] as const)[b % 4] ?? "edit";
        const about = kind === "react" ? { kind, seq, on: b % 8 < 4 } : { kind, seq };
        const text = kind === "react" ? "👍" : "other text";
        return { type: "say", ...from, message: { type: "say", id, text, about } };
      }
      case "fork": {
        const callee = item(members, b) ?? assert.fail();
        const sid = v.parse(SessionId, `session-${count}`);
        this.sids.push(sid);
        this.#callees.set(sid, callee.key);
        this.forks.push({ from, id });
        return { type: "fork", ...from, id, sid, callee: callee.key, pin: callee.value.pin };
      }
      case "answer": {
        const own = this.sids.filter((each) => this.#callees.get(each) === member?.key);
        const sid = item([...own.slice(-2), ...this.sids.slice(-1)], b);
        if (sid === undefined) return undefined;
        return b % 2 === 0
          ? { type: "decline", ...from, sid, reason: "unavailable" }
          : { type: "accept", ...from, sid };
      }
    }
    return undefined;
  }
}

/** As it would be read from a disk. */
function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** An effect without what only one server knows. */
function plain(effect: Effect<string> | undefined): unknown {
  return copy(effect ?? null);
}

describe("halls fed by one log", () => {
  const seen = new Map<string, number>();

  it("are equal after each command, and go on from a snapshot as if nothing had happened", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: "max" }), (steps) => {
        const halls = [0, 1, 2].map(() => new Hall<string>(deps));
        const [first] = halls;
        assert.ok(first !== undefined);
        const writer = new Writer(first);
        let at = 1_790_000_000_000;
        let snapshot: HallSnapshot = first.snapshot();
        for (const each of steps) {
          at += each.ms;
          if (each.kind === "restore") {
            halls[1 + (each.a % 2)] = new Hall<string>({ ...deps, snapshot: copy(snapshot) });
            continue;
          }
          const command = writer.command(each);
          if (command === undefined) continue;
          const effects = halls.map((hall) => plain(hall.apply(copy(command), at)));
          for (const effect of effects) assert.deepEqual(effect, effects[0]);
          const { type = "none", evicted } = (effects[0] ?? {}) as { type?: string; evicted?: unknown };
          for (const each of evicted === undefined ? [type] : [type, "evicted"])
            seen.set(each, (seen.get(each) ?? 0) + 1);
          snapshot = first.snapshot();
          for (const hall of halls) assert.deepEqual(copy(hall.snapshot()), copy(snapshot));
        }
      }),
      { numRuns: 100 },
    );
  });

  it("have shown every effect there is in that test", () => {
    const all = ["entered", "refused", "left", "attends", "said", "failed", "invited", "introduced"];
    for (const type of [...all, "declined", "expired", "withdrawn", "evicted", "none"]) {
      assert.ok((seen.get(type) ?? 0) > 0, `${type}: ${seen.get(type) ?? 0}`);
    }
  });
});
