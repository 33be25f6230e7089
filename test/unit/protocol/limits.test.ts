// The limits hold together: what one allows, the others leave room for.
import assert from "node:assert/strict";
import { utf8Length } from "../../../protocol/codec.ts";
import { errorTexts } from "../../../protocol/errors.ts";
import { limits } from "../../../protocol/limits.ts";

const longestId = "i".repeat(64);
/** JSON writes each as six characters. */
const worstText = "\u0001".repeat(limits.textBytes);
const longestName = "𠮷".repeat(limits.nameLength);

describe("a frame", () => {
  it("from a client fits the longest text in its worst form", () => {
    const frame = JSON.stringify({ type: "say", id: longestId, text: worstText });
    assert.ok(utf8Length(frame) <= limits.frameBytes);
  });

  it("between peers fits the longest text in its worst form", () => {
    const numbers = { seq: Number.MAX_SAFE_INTEGER, at: Number.MAX_SAFE_INTEGER };
    assert.ok(
      utf8Length(JSON.stringify({ type: "message", ...numbers, text: worstText })) <= limits.frameBytes,
    );
  });

  it("from the server fits a list of all clients with the longest names", () => {
    const items = Array.from({ length: limits.clients }, () => ({ name: longestName }));
    assert.ok(utf8Length(JSON.stringify({ type: "users", items })) <= limits.serverFrameBytes);
  });

  it("fits into a client's queue", () => {
    assert.ok(limits.backlogBytes >= 4 * limits.frameBytes);
  });
});

describe("timeouts", () => {
  it("notice a vanished client within 30 s", () => {
    assert.ok(limits.silenceMs + limits.silenceStepMs <= 30_000);
    assert.ok(limits.linkSilenceMs + limits.linkHeartbeatMs <= 30_000);
  });

  it("give a heartbeat's answer the time that TCP needs for retransmissions", () => {
    // It sends again after 0.2 s, and each time after twice as long: for the fifth time after 6.2 s.
    assert.ok(limits.silenceMs - limits.heartbeatMs >= 9_500);
    assert.ok(limits.linkSilenceMs > 2 * limits.linkHeartbeatMs);
  });
});

describe("the lobby's rate", () => {
  it("is one that a client reads, including notices, however high it is set and however short the messages", () => {
    const { lobbyBytesPerSecondMost: most, noticeBytesPerSecond } = limits;
    const frames = most / limits.leastMessageBytes + noticeBytesPerSecond / limits.leastNoticeBytes;
    assert.ok(frames < limits.serverFramesPerSecond);
    assert.ok(most + noticeBytesPerSecond < limits.serverBytesPerSecond);
    assert.ok(limits.lobbyBytesPerSecond <= most);
  });
});

describe("the error texts", () => {
  it("state the limit that applies", () => {
    assert.ok(errorTexts["message-too-long"].includes(String(limits.textBytes)));
  });
});
