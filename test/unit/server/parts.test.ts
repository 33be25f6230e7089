import assert from "node:assert/strict";
import { ServerMessage } from "../../../protocol/rendezvous.ts";
import * as v from "valibot";
import { isLoopback, plainAddress } from "../../../protocol/ipAddress.ts";
import { addressKey } from "../../../protocol/ipAddress.ts";
import { Counts } from "../../../server/budgets/counts.ts";
import { messageFrame, pongFrame, userListFrame } from "../../../server/fanOut/frame.ts";
import { NoticePace } from "../../../server/fanOut/noticePace.ts";
import { UserList } from "../../../server/lobby/userList.ts";

describe("addresses", () => {
  it("count an IPv6 /64 as one, and IPv4-mapped IPv6 as IPv4", () => {
    assert.equal(addressKey("192.0.2.7"), "192.0.2.7");
    assert.equal(addressKey("::ffff:192.0.2.7"), "192.0.2.7");
    assert.equal(addressKey("::FFFF:192.0.2.7"), "192.0.2.7");
    assert.equal(addressKey(""), "");
    assert.equal(addressKey("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    assert.equal(addressKey("2001:0DB8:1:2::9"), "2001:db8:1:2::/64");
    assert.equal(addressKey("2001:db8::9"), "2001:db8:0:0::/64");
    assert.equal(addressKey("::1"), "0:0:0:0::/64");
    assert.equal(addressKey("fe80::1%eth0"), "fe80:0:0:0::/64");
    assert.notEqual(addressKey("2001:db8:1:2::9"), addressKey("2001:db8:1:3::9"));
  });

  it("have a plain form and are recognized as loopback", () => {
    assert.equal(plainAddress("::ffff:127.0.0.1"), "127.0.0.1");
    for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
      assert.ok(isLoopback(address));
    for (const address of ["0.0.0.0", "::", "192.168.1.1", "::ffff:10.0.0.1", "127.example.org"])
      assert.ok(!isLoopback(address));
  });
});

describe("counts", () => {
  it("forget a key whose count is zero", () => {
    const counts = new Counts();
    counts.add("a");
    counts.add("a");
    counts.add("b");
    assert.deepEqual([counts.of("a"), counts.of("b"), counts.total], [2, 1, 3]);
    for (const key of ["a", "a", "b"]) counts.remove(key);
    assert.deepEqual([counts.of("a"), counts.of("b"), counts.total], [0, 0, 0]);
  });
});

describe("frames", () => {
  it("encode their length in the shortest form", () => {
    const overhead = JSON.stringify({ type: "refused", code: "", text: "" }).length;
    for (const [length, header] of [
      [125, [0x81, 125]],
      [126, [0x81, 126, 0, 126]],
      [65_535, [0x81, 126, 0xff, 0xff]],
      [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
    ] as const) {
      const frame = messageFrame({ type: "refused", code: "x".repeat(length - overhead), text: "" });
      assert.deepEqual([...frame.subarray(0, header.length)], header);
      assert.equal(frame.length, header.length + length);
    }
  });

  it("count a text in bytes, not in characters", () => {
    const frame = messageFrame({ type: "arrived", name: "\u00e4\u4e2d\u{1f600}" });
    assert.equal(frame[1], frame.length - 2);
    assert.deepEqual(JSON.parse(frame.subarray(2).toString()), {
      type: "arrived",
      name: "\u00e4\u4e2d\u{1f600}",
    });
  });

  it("answer a ping with its payload", () => {
    assert.deepEqual([...pongFrame(Buffer.from("ab"))], [0x8a, 2, 0x61, 0x62]);
    assert.deepEqual([...pongFrame(Buffer.alloc(0))], [0x8a, 0]);
  });

  it("share the list of users, which stays unchanged when more people join", () => {
    const names: string[] = [];
    const list = new UserList(() => names.map((name) => ({ name })));
    const enter = (name: string): void => {
      names.push(name);
      list.append({ name });
    };
    const usersIn = (chunks: Buffer[]): string[] => {
      const frame = Buffer.concat(chunks);
      const offset = [2, 4, 10].find((start) => frame[start] === 0x7b);
      const message = v.parse(ServerMessage, JSON.parse(frame.subarray(offset).toString()));
      return message.type === "users" ? message.items.map(({ name }) => name) : assert.fail();
    };
    const framed = (): Buffer[] => userListFrame({ type: "users", items: [] }, list.items());
    const frames: Buffer[][] = [framed()];
    for (let n = 0; n < 300; n++) {
      enter(n % 2 === 0 ? `guest-${String(n)}` : `\u4e2d${String(n)}`);
      frames.push(framed());
    }
    assert.deepEqual(
      frames.map((chunks) => usersIn(chunks)),
      frames.map((_, n) => names.slice(0, n)),
    );
    list.remove(names.shift() ?? "");
    enter("late");
    assert.deepEqual(usersIn(framed()), names);
    enter("later");
    assert.deepEqual(usersIn(framed()), names);
  });
});

describe("notices", () => {
  it("are written at once after a pause, and rest in a storm as long as writing them takes", () => {
    const pace = new NoticePace();
    assert.equal(pace.wait(0), 0);
    pace.written(100, 110);
    const rest = pace.wait(110);
    assert.ok(rest > 0);
    assert.equal(pace.wait(110 + rest / 2), rest / 2);
    assert.equal(pace.wait(110 + rest), 0);
    pace.written(1_000, 1_020);
    assert.equal(pace.wait(1_020), 2 * rest);
    pace.written(2_000, 3_000);
    assert.equal(pace.wait(3_000), 1_000);
  });
});
