import assert from "node:assert/strict";
import { decode } from "../../../protocol/codec.ts";
import { limits } from "../../../protocol/limits.ts";
import { excess, messageBounds, serverMessageBounds } from "../../../protocol/messageBounds.ts";
import { ClientMessage, ServerMessage } from "../../../protocol/rendezvous.ts";

const bounds = { ...messageBounds, depth: 3, marks: 6 };

describe("the bounds of a message", () => {
  it("count levels and quotation marks outside strings only", () => {
    for (const [text, expected] of [
      ['{"a":[[1]]}', undefined],
      ['{"a":[[[1]]]}', "at most 3 levels"],
      ["[[]],[[]]", undefined],
      ["[1,2,3,4,5,6]", undefined],
      ["[1,2,3,4,5,6,7]", "at most 6 brackets, commas and colons"],
      ['["[[[[[[[[,,,,,,,,::::"]', undefined],
      [String.raw`["\"[[[[[[", "\\", "\\\""]`, undefined],
      [String.raw`["\\",[[[[]]]]]`, "at most 3 levels"],
      ['["unending [[[[[[', undefined],
      ['["escape at the end \\', undefined],
      ["]]]]]]]]", undefined],
      ["", undefined],
    ] as const) {
      assert.equal(excess(text, bounds), expected, text);
    }
  });

  it("admit the fullest valid messages", () => {
    const users = Array.from({ length: limits.clients }, (_, n) => ({ name: `n_${n}`, state: "away" }));
    const full = JSON.stringify({ type: "users", items: users });
    assert.ok(decode(ServerMessage, full, serverMessageBounds).ok);
    const addresses = Array.from({ length: limits.addresses }, () => ({ host: "2001:db8::1", port: 65_535 }));
    const reach = {
      type: "reach",
      id: "r",
      sid: "12345678",
      to: "\u0000".repeat(1_024),
      card: { addresses },
    };
    assert.ok(decode(ClientMessage, JSON.stringify(reach)).ok);
    const say = { type: "say", id: "s", text: "\u0000".repeat(limits.textBytes) };
    assert.ok(decode(ClientMessage, JSON.stringify(say)).ok);
  });

  it("allow length only to messages with a text and to lists", () => {
    const filler = "x".repeat(limits.shortMessageBytes);
    const withdraw = decode(ClientMessage, JSON.stringify({ type: "withdraw", id: "w", filler }));
    assert.ok(!withdraw.ok);
    assert.deepEqual(withdraw.error, {
      code: "bad-message",
      detail: `message: expected at most ${limits.shortMessageBytes} bytes`,
    });
    assert.ok(decode(ClientMessage, JSON.stringify({ type: "say", id: "s", text: "hi", filler })).ok);
    const later = decode(ClientMessage, JSON.stringify({ type: "later", filler }));
    assert.equal(later.ok ? "" : later.error.code, "unknown-type");
  });

  it("reject a list by its length, before its items", () => {
    const items = Array.from({ length: limits.addresses + 1 }, () => ({ host: "none", port: 0 }));
    const refused = decode(
      ClientMessage,
      JSON.stringify({ type: "accept", sid: "12345678", card: { addresses: items } }),
    );
    assert.match(refused.ok ? "" : refused.error.detail, /^card\.addresses: expected <=16/);
  });
});
