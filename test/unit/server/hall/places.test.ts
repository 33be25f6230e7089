// Who has a place in a full lobby, whichever servers its members are connected to.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Epoch, Token } from "../../../../protocol/fields.ts";
import { limits } from "../../../../protocol/limits.ts";
import type { Effect, Enter } from "../../../../server/hall/commands.ts";
import { connectionNumbers } from "../../../../server/hall/connectionNumbers.ts";
import { Hall, type HallSnapshot } from "../../../../server/hall/hall.ts";
import { Directory } from "../../../../server/names/directory.ts";
import { tokenDigest } from "../../../../server/names/member.ts";
import { pin } from "../../../support/core.ts";

const PLACES = 4;
const [A, B, C] = ["192.0.2.1", "192.0.2.2", "2001:db8:1:1::/64"] as const;
/** In the network of C. */
const NEAR_C = "2001:db8:1:2::/64";

describe("a lobby with as many members as it has places for", () => {
  const numbers = [1, 2].map((life) => connectionNumbers(life));
  const start = (snapshot?: HallSnapshot, clients = PLACES): Hall<string> =>
    new Hall({
      ...{ epoch: v.parse(Epoch, "epoch-one"), limits: { ...limits, clients }, snapshot },
      ...{ heldNames: [], heldNamesChanged: () => undefined },
    });
  let hall: Hall<string>;
  beforeEach(() => {
    hall = start();
  });

  function enter(name: string, address: string, shown?: Enter["token"]): Effect<string> | undefined {
    const text = v.parse(Token, `token-of-${name}`.padEnd(22, "-"));
    const connection = numbers[hall.members.size % 2]?.() ?? assert.fail();
    return hall.apply(
      {
        ...{
          type: "enter",
          connection,
          name,
          pin: pin(name),
          address,
          lineage: name,
          token: tokenDigest(text),
        },
        ...(shown === undefined ? {} : { shown }),
      },
      1,
    );
  }

  /** Who has made room, or why no one has. */
  function outcome(effect: Effect<string> | undefined, places = PLACES): string {
    if (effect?.type === "refused") return effect.why;
    assert.ok(effect?.type === "entered");
    assert.ok(hall.members.size <= places, `${hall.members.size} members`);
    return effect.evicted?.member.name ?? "no one";
  }

  function fill(...addresses: readonly string[]): void {
    for (const [n, address] of addresses.entries())
      assert.equal(outcome(enter(`guest${n}`, address), addresses.length), "no one");
  }

  it("lets a newcomer replace the newest of the network that has the most", () => {
    fill(A, A, A, B);
    assert.equal(outcome(enter("anna", C)), "guest2");
    assert.equal(hall.members.find("guest2"), undefined);
    assert.deepEqual(
      [...hall.members.entries()].map(({ name }) => name),
      ["guest0", "guest1", "guest3", "anna"],
    );
  });

  it("counts the addresses of an IPv6 network together", () => {
    fill(C, NEAR_C, C, B);
    assert.equal(outcome(enter("anna", A)), "guest2");
    assert.equal(outcome(enter("bobby", NEAR_C)), "full");
  });

  it("lets no one in whose network would have more than half as many afterwards", () => {
    fill(A, A, A, B);
    assert.equal(outcome(enter("anna", A)), "full");
    assert.equal(outcome(enter("anna", B)), "full");
    hall = start();
    fill(A, A, B, B);
    assert.equal(outcome(enter("anna", C)), "guest3");
    assert.equal(outcome(enter("bobby", C)), "full");
  });

  it("lets no one replace members who are alone in their networks", () => {
    fill("192.0.2.4", "192.0.2.5", "192.0.2.6", "192.0.2.7");
    assert.equal(outcome(enter("anna", C)), "full");
  });

  it("has a place for those who come back, and keeps it from names that cannot be had", () => {
    fill(A, A, A, "198.51.100.1");
    const { token } = hall.members.find("guest0")?.value ?? assert.fail();
    assert.equal(outcome(enter("guest0", A, token)), "no one");
    assert.equal(outcome(enter("guesto", C)), "lookalike");
    assert.equal(hall.members.size, PLACES);
  });

  it("counts those who come back from another network there", () => {
    fill(A, A, A, B);
    for (const name of ["guest0", "guest1", "guest2"]) {
      const { token } = hall.members.find(name)?.value ?? assert.fail();
      assert.equal(outcome(enter(name, B, token)), "no one");
    }
    assert.equal(outcome(enter("anna", A)), "guest3");
    assert.equal(outcome(enter("bobby", C)), "guest2");
  });

  it("does not go through its members for each newcomer", () => {
    const places = 256;
    hall = start(undefined, places);
    fill(...Array.from({ length: places }, (_, n) => (n < places / 2 ? A : `198.51.100.${n}`)));
    const entries = Reflect.get(Directory.prototype, "entries") as (this: unknown) => Iterable<unknown>;
    let seen = 0;
    const counted = function* (this: unknown): Iterable<unknown> {
      for (const entry of entries.call(this)) {
        seen += 1;
        yield entry;
      }
    };
    Object.assign(Directory.prototype, { entries: counted });
    try {
      for (let n = 0; n < 32; n++)
        assert.equal(outcome(enter(`late${n}`, `203.0.113.${n}`), places), `guest${places / 2 - 1 - n}`);
    } finally {
      Object.assign(Directory.prototype, { entries });
    }
    assert.equal(seen, 0, "members were looked at");
  });

  it("decides alike after it was saved", () => {
    fill(A, B, A, B);
    const saved = start(JSON.parse(JSON.stringify(hall.snapshot())) as HallSnapshot);
    const outcomes = [hall, saved].map((each) => {
      hall = each;
      return [outcome(enter("anna", C)), outcome(enter("bobby", "198.51.100.1"))];
    });
    assert.deepEqual(outcomes[1], outcomes[0]);
  });
});
