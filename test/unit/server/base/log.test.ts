// Which lines the server's log leaves out, and what it says of them. No clock.
import assert from "node:assert/strict";
import * as v from "valibot";
import { createLog, type Log } from "../../../../server/base/log.ts";

type Line = Record<string, unknown>;

describe("the server's log", () => {
  let now: number;
  let lines: Line[];
  let waiting: { readonly at: number; readonly call: () => void }[];
  let log: Log;

  beforeEach(() => {
    now = 0;
    lines = [];
    waiting = [];
    log = createLog({
      least: "info",
      write: (line) => {
        assert.ok(line.endsWith("}\n"));
        lines.push(v.parse(v.record(v.string(), v.unknown()), JSON.parse(line)));
      },
      wallTime: () => now,
      later: (ms, call) => waiting.push({ at: now + ms, call }),
    });
  });

  function pass(ms: number): void {
    now += ms;
    const due = waiting.filter(({ at }) => at <= now);
    waiting = waiting.filter(({ at }) => at > now);
    for (const { call } of due) call();
  }

  /** Lines of that event so far. */
  function of(event: string): Line[] {
    return lines.filter((line) => line["event"] === event);
  }

  it("writes one object per line", () => {
    log("info", "joined", { name: "anna" });
    assert.deepEqual(lines, [
      { at: "1970-01-01T00:00:00.000Z", level: "info", event: "joined", name: "anna" },
    ]);
  });

  it("is limited in lines, and never omits an error", () => {
    for (let n = 0; n < 1_000; n++) log("info", "relay-opened", { tunnels: n });
    for (let n = 0; n < 1_000; n++) log("error", "broken");
    assert.ok(of("relay-opened").length < 1_000);
    assert.equal(of("broken").length, 1_000);
  });

  it("hides no line about members behind refused strangers, from any number of addresses", () => {
    for (let n = 0; n < 10_000; n++) {
      const address = `198.51.${String(n >> 8)}.${String(n & 255)}`;
      log("warn", "join-refused", { address, code: "signature" });
      log("warn", "upgrade-refused", { address, status: 403 });
    }
    const members = ["joined", "resumed", "left", "slow-reader", "relay-opened", "relay-closed"];
    for (const event of members) log("info", event, { address: "192.0.2.1" });
    assert.deepEqual(
      members.map((event) => of(event).length),
      members.map(() => 1),
    );
    assert.ok(lines.length < 1_000, `${String(lines.length)} lines`);
  });

  it("hides no member's line behind the many of another address", () => {
    for (let n = 0; n < 1_000; n++) log("info", "joined", { name: "mallory", address: "2001:db8::1" });
    for (let n = 0; n < 30; n++) log("info", "joined", { name: "pupil", address: "192.0.2.1" });
    assert.equal(of("joined").filter(({ name }) => name === "pupil").length, 30);
  });

  it("says how many lines of an event it omitted, once in a while, even when no more follow", () => {
    for (let n = 0; n < 1_000; n++) log("warn", "join-refused", { address: "192.0.2.1" });
    const written = of("join-refused").length;
    assert.equal(of("more-like-this").length, 0);
    pass(60_000);
    const [sum, ...others] = of("more-like-this");
    assert.deepEqual(
      [sum?.["level"], sum?.["of"], sum?.["lines"], others.length],
      ["warn", "join-refused", 1_000 - written, 0],
    );
    log("warn", "join-refused", { address: "192.0.2.1" });
    pass(60_000);
    assert.equal(of("more-like-this").length, 1);
  });
});
