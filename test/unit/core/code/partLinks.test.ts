// Parts in private sessions and in the lobby: sent only to those that take them, and never the reason why a message is lost.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import type { Effect } from "../../../../extension/core/model/effects.ts";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import { slice } from "../../../../extension/core/model/transcript.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { decode } from "../../../../protocol/codec.ts";
import { limits } from "../../../../protocol/limits.ts";
import { PeerMessage } from "../../../../protocol/peer.ts";
import { ServerMessage } from "../../../../protocol/rendezvous.ts";
import { serverBefore, windowBefore } from "../../../support/beforeParts.ts";
import * as core from "../../../support/core.ts";
import { somePart } from "../../../support/sampleValues.ts";

const one = sessionNumber(1);
const attachment = { part: { ...somePart, at: 0 }, heading: "", code: "a\nb" };
const TEXT = "src/a.ts:12-13\n```typescript\na\nb\n```";

/** Bobby's window calls again, and says so in its hello. */
function relinked(can: readonly string[] | undefined, state: State): ReturnType<typeof core.run> {
  const lost = core.after(state, core.unlinked("bobby", "lost"));
  const call = core.calls("bobby", { received: 0 });
  const events = typeof call === "function" ? call(lost) : [call];
  return core.run(
    lost,
    ...events.map((event): CoreEvent => {
      if (event.type !== "link/frame" || event.frame.type !== "hello") return event;
      const hello = { ...event.frame };
      delete hello.can;
      return { ...event, frame: can === undefined ? hello : { ...hello, can: [...can] } };
    }),
  );
}

const linkedTo = (can: readonly string[] | undefined): State => relinked(can, core.withBobby).state;

/** The message that goes out with attached lines of code. */
function sent(state: State, session = one): Record<string, unknown> {
  const attached = core.after(state, { type: "user/attach", session, attachment });
  const id = attached.sessions[session]?.attached?.id ?? assert.fail();
  const { effects } = core.run(attached, {
    ...{ type: "user/submit", request: 7, session, text: "", attached: id },
  });
  return messageIn(effects);
}

function messageIn(effects: readonly Effect[]): Record<string, unknown> {
  for (const effect of effects) {
    const message = effect.type === "network" ? effect.args[1] : undefined;
    if (typeof message !== "object" || !("type" in message)) continue;
    if (message.type === "message" || message.type === "say") return message;
  }
  return assert.fail("nothing was sent");
}

const decoded = (text: string): PeerMessage => {
  const message = decode(PeerMessage, text);
  assert.ok(message.ok, text.slice(0, 100));
  return message.value;
};

const shown = (state: State): unknown[] => {
  const { transcript } = state.sessions[1] ?? assert.fail();
  return slice(transcript, 0, transcript.end).entries.flatMap((entry) =>
    entry.kind === "message" ? [[entry.text, entry.part]] : [],
  );
};

describe("parts between windows", () => {
  it("are announced in each hello", () => {
    const { effects } = core.run(core.withBobby, core.unlinked("bobby", "lost"), core.calls("bobby"));
    const hello = effects.find((effect) => effect.type === "network" && effect.call === "sendLink");
    assert.ok(hello?.type === "network");
    assert.deepEqual((hello.args[1] as { can?: unknown }).can, ["part", "where", "files"]);
  });

  for (const [can, expected] of [
    [undefined, undefined],
    [[], undefined],
    [["bulk", "parts", "Part"], undefined],
    [["bulk", "part"], somePart],
  ] as const) {
    it(`${expected === undefined ? "do not go" : "go"} to a peer with can ${can === undefined ? "left out" : JSON.stringify(can)}`, () => {
      const { text, part } = sent(linkedTo(can));
      assert.deepEqual([text, part], [TEXT, expected]);
    });
  }

  it("follow what the peer's latest hello says, for a message that is sent again", () => {
    const attached = core.after(core.withBobby, { type: "user/attach", session: one, attachment });
    const id = attached.sessions[1]?.attached?.id ?? assert.fail();
    const said = core.after(attached, {
      ...{ type: "user/submit", request: 7, session: one, text: "", attached: id },
    });
    const former = relinked(undefined, said);
    assert.deepEqual([messageIn(former.effects).text, messageIn(former.effects).part], [TEXT, undefined]);
    const updated = relinked(["part"], former.state);
    assert.deepEqual(messageIn(updated.effects).part, somePart);
  });

  it("are not needed: a window of the former version is heard, and hears the text", () => {
    const hello = decoded(windowBefore.hello);
    assert.ok(!("can" in hello));
    const state = core.after(linkedTo(undefined), core.frame("bobby", decoded(windowBefore.message)));
    assert.deepEqual(shown(state), [["hello", undefined]]);
    const frame = JSON.parse(JSON.stringify(sent(state))) as object;
    assert.deepEqual(Object.keys(frame), Object.keys(JSON.parse(windowBefore.message) as object));
  });

  it("are dropped if they are not valid, and the message is shown and acknowledged", () => {
    for (const part of [
      null,
      [],
      "x",
      {},
      { kind: "gift" },
      { ...somePart, path: "../a" },
      { ...somePart, at: -1 },
    ]) {
      const frame = decoded(JSON.stringify({ type: "message", seq: 1, at: 1, text: TEXT, part }));
      const { state, effects } = core.run(core.withBobby, core.frame("bobby", frame));
      assert.deepEqual(shown(state), [[TEXT, undefined]]);
      const acknowledged = effects.some(
        (effect) =>
          effect.type === "network" && JSON.stringify(effect.args[1]) === '{"type":"ack","received":1}',
      );
      assert.ok(acknowledged);
    }
  });

  it("have a bounded list of capabilities", () => {
    const hello = JSON.parse(windowBefore.hello) as object;
    const most = Array<string>(limits.capabilities).fill("x".repeat(32));
    assert.ok(decode(PeerMessage, JSON.stringify({ ...hello, can: most })).ok);
    assert.ok(!decode(PeerMessage, JSON.stringify({ ...hello, can: [...most, "x"] })).ok);
    assert.ok(!decode(PeerMessage, JSON.stringify({ ...hello, can: ["x".repeat(33)] })).ok);
  });
});

describe("parts in the lobby", () => {
  const joinedAt = (partBytes: number | undefined): State => {
    const former = decode(ServerMessage, serverBefore.challenge);
    assert.ok(former.ok && former.value.type === "challenge");
    const { limits: given } = former.value;
    const challenge = { limits: partBytes === undefined ? given : { ...given, partBytes } };
    return core.after(
      ...([core.blank, core.join("anna"), core.open(1, challenge)] as const),
      ...[core.listening, core.tell(core.joined("anna"))],
    );
  };

  for (const [partBytes, expected] of [
    [undefined, undefined],
    [100, undefined],
    [limits.partBytes, somePart],
    [10 * limits.partBytes, somePart],
  ] as const) {
    it(`${expected === undefined ? "do not go" : "go"} to a server with partBytes ${String(partBytes)}`, () => {
      const { text, part } = sent(joinedAt(partBytes), LOBBY);
      assert.deepEqual([text, part], [TEXT, expected]);
    });
  }
});
