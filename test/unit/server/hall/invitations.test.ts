// How many forks without an answer a server remembers, and whose end when there are too many.
import assert from "node:assert/strict";
import * as v from "valibot";
import { MessageId, SessionId } from "../../../../protocol/fields.ts";
import { Invitations } from "../../../../server/hall/invitations.ts";
import { pin } from "../../../support/core.ts";

describe("forks without an answer", () => {
  const limits = { pendingForks: 4, openForksPerAddress: 8, openForks: 12 };
  let invitations: Invitations;
  let made: number;
  beforeEach(() => {
    invitations = new Invitations(limits);
    made = 0;
  });

  /** Returns the caller of the fork that was ended to make room, if any: another one, or this very one. */
  function fork(caller: string, address: string): string | undefined {
    const n = String(++made);
    const outcome = invitations.fork({
      id: v.parse(MessageId, n),
      sid: v.parse(SessionId, `session-${n}`),
      caller,
      callee: `callee-${n}`,
      connection: 1,
      keeper: { pin: pin(caller), address },
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
    assert.equal(invitations.size, limits.openForksPerAddress);
  });

  it("are no more in all than may be: the network with the most loses one", () => {
    assert.equal(fork("anna", "192.0.2.1"), undefined);
    for (let n = 0; n < 7; n++) assert.equal(fork(`y${n}`, `2001:db8:1:${n}::/64`), undefined);
    for (let n = 0; n < 4; n++) assert.equal(fork("bobby", "192.0.2.2"), undefined);
    assert.match(fork("carmen", "192.0.2.3") ?? "", /^y/u);
    assert.equal(invitations.size, limits.openForks);
  });

  it("leave room again when they end", () => {
    for (const caller of ["x1", "x2"])
      for (let n = 0; n < 4; n++) assert.equal(fork(caller, "192.0.2.1"), undefined);
    invitations.leave("x1");
    for (let n = 0; n < 4; n++) assert.equal(fork("x3", "192.0.2.1"), undefined);
    for (let n = 1; n <= made; n++) invitations.expire(v.parse(SessionId, `session-${n}`));
    assert.equal(invitations.size, 0);
    assert.equal(fork("x1", "192.0.2.1"), undefined);
  });
});
