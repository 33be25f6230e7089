// The queue behind the lobby's rate, on its own: its time, its order, its bounds, and what it costs.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { LobbyPace, type Speech } from "../../../../server/lobby/lobbyPace.ts";
import { pin } from "../../../support/core.ts";

describe("the lobby's pace", () => {
  it("counts no time twice when this process pauses while it grants", () => {
    const bytesPerSecond = 512 * 1024;
    let now = 0;
    let bytes = 0;
    let wake = (): void => undefined;
    const pace = new LobbyPace<Speech>(
      {
        ...{ bytesPerSecond, readers: () => 1, now: () => now },
        later: (_ms, call) => {
          wake = call;
          return () => undefined;
        },
      },
      (speech) => {
        bytes += speech.bytes;
        const most = bytesPerSecond * (limits.lobbyBurstSeconds + now / 1_000) + limits.textBytes;
        assert.ok(bytes <= most, `${bytes} bytes after ${now} ms`);
        // Its author is read again, and has more to say.
        now += 10;
        pace.ask({ ...speech });
      },
      () => assert.fail("refused"),
    );
    for (let n = 0; n < 16; n++) {
      const speaker = { pin: pin(`loud${n}`), address: "192.0.2.1" };
      pace.ask({ speaker, bytes: limits.textBytes, isChange: false });
    }
    while (now < 5_000) {
      now += 100;
      wake();
    }
  });

  describe("the lobby's pace, on its own", () => {
    let now = 0;
    let granted: string[] = [];
    let refused: string[] = [];
    let pace: LobbyPace<Speech & { readonly what: string }>;
    beforeEach(() => {
      now = 0;
      [granted, refused] = [[], []];
      pace = new LobbyPace(
        { bytesPerSecond: 1_000, readers: () => 1, now: () => now, later: () => () => undefined },
        ({ what }) => granted.push(what),
        ({ what }) => refused.push(what),
      );
    });
    const ask = (who: string, bytes = 1_000): boolean =>
      pace.ask({ speaker: { pin: pin(who), address: who }, bytes, isChange: false, what: who });

    it("lets few messages wait in total", () => {
      for (let n = 0; n < 2 * limits.waitingMessages; n++) ask(`author-${n}`);
      assert.equal(granted.length + refused.length, limits.waitingMessages);
    });

    it("lets no one pass those who wait, as soon as there is room again", () => {
      ask("first");
      assert.deepEqual([ask("second"), granted], [true, ["first"]]);
      now += 5_000;
      ask("third");
      assert.deepEqual(granted.slice(0, 2), ["first", "second"]);
    });
  });
});

describe("the lobby's queue", () => {
  it("checks few waiting messages for each new one", () => {
    let looks = 0;
    let granted = 0;
    let now = 0;
    const pace = new LobbyPace<Speech>(
      {
        bytesPerSecond: limits.lobbyBytesPerSecond,
        readers: () => 2,
        now: () => now,
        later: () => () => undefined,
      },
      () => (granted += 1),
      () => undefined,
    );
    const ask = (n: number): boolean =>
      pace.ask({
        get speaker() {
          looks += 1;
          return { pin: pin(`m${n}`), address: `198.51.${n % 60}.1` };
        },
        bytes: limits.textBytes,
        isChange: false,
      });
    for (let n = 0; n < limits.waitingMessages; n++) ask(n);
    assert.ok(granted < 20, `${granted} were told at once`);
    looks = 0;
    const asks = 500;
    for (let n = 0; n < asks; n++) {
      now += 1 / 16;
      ask(10_000 + n);
    }
    assert.ok(looks <= 20 * asks, `${looks} looks for ${asks} that came`);
  });

  it("looks at no other waiting message when an author leaves", () => {
    let looks = 0;
    const pace = new LobbyPace<Speech>(
      { bytesPerSecond: 1_000, readers: () => 1, now: () => 0, later: () => () => undefined },
      () => undefined,
      () => undefined,
    );
    const waiting = Array.from({ length: limits.waitingMessages / 2 }, (_, n) => {
      const speaker = { pin: pin(`m${n}`), address: `198.51.${n % 60}.1` };
      const speech = { speaker, bytes: limits.textBytes, isChange: false };
      return new Proxy(speech, {
        get: (target, name, receiver): unknown => {
          looks += 1;
          return Reflect.get(target, name, receiver);
        },
      });
    }).filter((speech) => pace.ask(speech));
    assert.ok(waiting.length > limits.waitingMessages / 4);
    looks = 0;
    for (const speech of waiting) pace.drop(speech);
    assert.ok(looks <= 10 * waiting.length, `${looks} looks for ${waiting.length} that left`);
  });
});
