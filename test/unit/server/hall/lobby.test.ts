import assert from "node:assert/strict";
import * as v from "valibot";
import { Epoch, MessageId, Pin, type LobbyAbout } from "../../../../protocol/fields.ts";
import { Lobby } from "../../../../server/hall/lobby.ts";

const epoch = v.parse(Epoch, "epoch-one");
const owner = { pin: v.parse(Pin, "o".repeat(43)), address: "192.0.2.1" };
const id = (text: string): MessageId => v.parse(MessageId, text);

describe("the lobby's history", () => {
  const limits = {
    historyMessages: 100,
    historyChanges: 100,
    historyBytes: 1_000,
    authors: 100,
    saidIds: 100,
    saidIdsPerKey: 100,
  };
  const say = (lobby: Lobby, name: string, size = 10, about?: LobbyAbout): void => {
    lobby.say({ author: "anna", owner, id: id(name), about }, 0, (seq) => Buffer.alloc(size, seq));
  };
  const react = (lobby: Lobby, name: string, seq: number): void =>
    say(lobby, name, 10, { kind: "react", seq, on: true });
  /** The numbers of these frames. */
  const numbers = (frames: readonly Buffer[]): (number | undefined)[] => frames.map(([seq]) => seq);

  it("drops the oldest messages beyond its limit, and knows their ids for longer", () => {
    const lobby = new Lobby(epoch, { ...limits, historyMessages: 2 });
    for (const name of ["a", "b", "c"]) say(lobby, name);
    assert.deepEqual(lobby.find("anna", id("a")), { seq: 1, at: 0 });
    assert.deepEqual(lobby.find("anna", id("b")), { seq: 2, at: 0 });
    assert.equal(lobby.find("bobby", id("b")), undefined);
    assert.equal(lobby.since({ epoch, seq: 1 }).frames.length, 2);
    assert.deepEqual(
      [0, 1, 2, 3].map((seq) => lobby.since({ epoch, seq }).gap),
      [true, false, false, false],
    );
  });

  it("drops the oldest beyond its bytes", () => {
    const lobby = new Lobby(epoch, { ...limits, historyBytes: 25 });
    for (const name of ["a", "b", "c"]) say(lobby, name);
    assert.equal(lobby.since({ epoch, seq: 1 }).frames.length, 2);
    say(lobby, "huge", 26);
    assert.deepEqual(lobby.since({ epoch, seq: 3 }), { frames: [], gap: true });
    assert.deepEqual(lobby.since({ epoch, seq: 4 }), { frames: [], gap: false });
  });

  it("reports a gap for numbers that were never given", () => {
    const lobby = new Lobby(epoch, limits);
    say(lobby, "a");
    const { frames, gap } = lobby.since({ epoch, seq: 2 });
    assert.deepEqual([frames.length, gap], [1, true]);
  });

  it("loses no message to reactions, and gives a newcomer messages with later changes", () => {
    const lobby = new Lobby(epoch, { ...limits, historyMessages: 3 });
    for (const name of ["a", "b", "c"]) say(lobby, name);
    for (let n = 0; n < 20; n++) react(lobby, `r${n}`, 3);
    say(lobby, "answer", 10, { kind: "reply", seq: 3 });
    assert.deepEqual(numbers(lobby.newest(3)).slice(0, 2), [2, 3]);
    assert.deepEqual(
      numbers(lobby.newest(2)),
      [...Array(22).keys()].map((n) => n + 3),
    );
    assert.deepEqual(numbers(lobby.newest(1)), [24]);
    assert.deepEqual(lobby.newest(0), []);
  });

  it("drops the oldest beyond its number of changes", () => {
    const lobby = new Lobby(epoch, { ...limits, historyChanges: 3 });
    say(lobby, "a");
    for (let n = 0; n < 4; n++) react(lobby, `r${n}`, 1);
    assert.deepEqual(numbers(lobby.since({ epoch, seq: 0 }).frames), [3, 4, 5]);
    assert.deepEqual(lobby.newest(5), []);
  });

  it("knows a message's author for longer than its text, and no change's", () => {
    const lobby = new Lobby(epoch, { ...limits, historyMessages: 1, authors: 3 });
    for (const name of ["a", "b"]) say(lobby, name);
    react(lobby, "r", 2);
    say(lobby, "d");
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((seq) => lobby.authorOf(seq)),
      [undefined, undefined, owner.pin, undefined, owner.pin, undefined],
    );
  });
});
