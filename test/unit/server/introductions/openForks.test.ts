// How many forks without an answer a server remembers, and whose end when there are too many.
import assert from "node:assert/strict";
import * as v from "valibot";
import { MessageId, SessionId } from "../../../../protocol/fields.ts";
import { Introductions } from "../../../../server/introductions/introductions.ts";
import { pin } from "../../../support/core.ts";

describe("forks without an answer", () => {
  const limits = { introductionMs: 100, pendingForks: 4, openForksPerAddress: 8, openForks: 12 };
  let introductions: Introductions;
  let made: number;
  beforeEach(() => {
    introductions = new Introductions(limits);
    made = 0;
  });

  /** Returns the caller of the fork that was ended to make room, if any: another one, or this very one. */
  function fork(caller: string, address: string): string | undefined {
    const n = String(++made);
    const outcome = introductions.fork({
      id: v.parse(MessageId, n),
      sid: v.parse(SessionId, `session-${n}`),
      caller,
      callee: `callee-${n}`,
      keeper: { pin: pin(caller), address },
      card: { addresses: [] },
      now: 0,
    });
    if (!outcome.ok) return outcome.error;
    return outcome.value.kind === "invited" ? outcome.value.evicted?.caller : undefined;
  }

  it("are no more of one address than may be: the key with the most loses one", () => {
    assert.equal(fork("anna", "192.0.2.1"), undefined);
    for (const caller of ["x1", "x2"])
      for (let n = 0; n < 3; n++) assert.equal(fork(caller, "192.0.2.1"), undefined);
    assert.equal(fork("x3", "192.0.2.1"), undefined);
    assert.equal(fork("bobby", "192.0.2.1"), "x1");
    assert.equal(fork("x2", "192.0.2.1"), "too-many-forks");
    assert.equal(introductions.size, limits.openForksPerAddress);
  });

  it("are no more in all than may be: the network with the most loses one", () => {
    assert.equal(fork("anna", "192.0.2.1"), undefined);
    for (let n = 0; n < 7; n++) assert.equal(fork(`y${n}`, `2001:db8:1:${n}::/64`), undefined);
    for (let n = 0; n < 4; n++) assert.equal(fork("bobby", "192.0.2.2"), undefined);
    assert.match(fork("carmen", "192.0.2.3") ?? "", /^y/u);
    assert.equal(introductions.size, limits.openForks);
  });

  it("leave room again when they end", () => {
    for (const caller of ["x1", "x2"])
      for (let n = 0; n < 4; n++) assert.equal(fork(caller, "192.0.2.1"), undefined);
    introductions.leave("x1");
    for (let n = 0; n < 4; n++) assert.equal(fork("x3", "192.0.2.1"), undefined);
    introductions.expire(limits.introductionMs);
    assert.equal(introductions.size, 0);
    assert.equal(fork("x1", "192.0.2.1"), undefined);
  });
});
