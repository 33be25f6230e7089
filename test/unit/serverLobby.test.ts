import assert from "node:assert/strict";
import * as v from "valibot";
import { Epoch, MessageId, Pin, SessionId } from "../../protocol/fields.ts";
import { Introductions } from "../../server/introductions.ts";
import { Lobby } from "../../server/lobby.ts";

const epoch = v.parse(Epoch, "epoch-one");
const pin = v.parse(Pin, "p".repeat(43));
const id = (text: string): MessageId => v.parse(MessageId, text);
const sid = (text: string): SessionId => v.parse(SessionId, `session-${text}`);

describe("the lobby's history", () => {
  const say = (lobby: Lobby, name: string, size = 10): void => {
    lobby.say({ author: "anna", pin, id: id(name), about: undefined }, 0, () => Buffer.alloc(size));
  };

  it("forgets the oldest beyond its number of messages, with their ids", () => {
    const lobby = new Lobby(epoch, { historyMessages: 2, historyBytes: 1_000 });
    for (const name of ["a", "b", "c"]) say(lobby, name);
    assert.equal(lobby.find("anna", id("a")), undefined);
    assert.equal(lobby.find("anna", id("b"))?.seq, 2);
    assert.equal(lobby.since({ epoch, seq: 1 }).frames.length, 2);
    assert.deepEqual(
      [0, 1, 2, 3].map((seq) => lobby.since({ epoch, seq }).gap),
      [true, false, false, false],
    );
  });

  it("forgets the oldest beyond its bytes", () => {
    const lobby = new Lobby(epoch, { historyMessages: 100, historyBytes: 25 });
    for (const name of ["a", "b", "c"]) say(lobby, name);
    assert.equal(lobby.since({ epoch, seq: 1 }).frames.length, 2);
    say(lobby, "huge", 26);
    assert.deepEqual(lobby.since({ epoch, seq: 3 }), { frames: [], gap: true });
    assert.deepEqual(lobby.since({ epoch, seq: 4 }), { frames: [], gap: false });
  });

  it("tells of a gap for numbers that were never given", () => {
    const lobby = new Lobby(epoch, { historyMessages: 10, historyBytes: 1_000 });
    say(lobby, "a");
    const { frames, gap } = lobby.since({ epoch, seq: 2 });
    assert.deepEqual([frames.length, gap], [1, true]);
  });
});

describe("introductions in time", () => {
  it("expire in their order, each once, and can no longer be answered", () => {
    const introductions = new Introductions({ introductionMs: 100, pendingForks: 10 });
    const fork = (caller: string, callee: string, now: number): void => {
      const outcome = introductions.fork({
        ...{ id: id(caller), sid: sid(caller), card: { addresses: [] } },
        ...{ caller, callee, now },
      });
      assert.ok(outcome.ok);
    };
    fork("anna", "bobby", 0);
    fork("carmen", "bobby", 50);
    assert.equal(introductions.nextExpiry, 100);
    assert.deepEqual(introductions.expire(99), []);
    assert.deepEqual(
      introductions.expire(100).map(({ caller }) => caller),
      ["anna"],
    );
    assert.equal(introductions.answer("bobby", sid("anna")), undefined);
    assert.equal(introductions.nextExpiry, 150);
    assert.equal(introductions.answer("bobby", sid("carmen"))?.caller, "carmen");
    assert.deepEqual([introductions.expire(1_000), introductions.size], [[], 0]);
  });
});
