// Parts of lobby messages: what the built server passes on, what it drops, and clients that know no parts.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import type { Part } from "../../protocol/part.ts";
import { serverBefore, windowBefore } from "../support/beforeParts.ts";
import { someFile, somePart } from "../support/sampleValues.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

const TEXT = "src/a.ts:12-13\n```typescript\na\nb\n```";
const note: Part = { kind: "note", line: 2 };

/** As heavy as a valid part gets. */
const heaviest: Part = {
  ...{ ...somePart, kind: "problem", severity: "warning", path: "界".repeat(512), language: "x".repeat(40) },
  ...{ range: { from: 50_000_000, to: 50_000_000 }, at: limits.textBytes, unsaved: true },
  ...{ before: "f".repeat(32), after: "f".repeat(32), source: "界".repeat(80), code: "界".repeat(80) },
};

const invalid: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["a text", "code"],
  ["a list", [somePart]],
  ["no kind", { ...somePart, kind: undefined }],
  ["an unknown kind", { ...somePart, kind: "gift" }],
  ["a file, which only a private session can offer", someFile],
  ["a path that leads out", { ...somePart, path: "../../.ssh/id_ed25519" }],
  ["an absolute path", { ...somePart, path: "/etc/passwd" }],
  ["a range that ends before it begins", { ...somePart, range: { from: 2, to: 1 } }],
  ["a wrong hash", { ...somePart, before: "xyz" }],
  ["a field that is too long", { ...somePart, path: "x".repeat(50_000) }],
];

describe("parts of lobby messages", () => {
  let server: ServerProcess;
  let anna: TestClient;
  let bobby: TestClient;
  let ids = 0;
  before(async () => {
    server = await ServerProcess.start("--messages-per-second", "1000");
    anna = await TestClient.join(server.url, "anna");
    bobby = await TestClient.join(server.url, "bobby");
    await anna.next("arrived");
  });
  after(() => server.stop());

  /** Anna says it; returns what bobby gets, and checks that it is numbered once. */
  async function said(content: object): ReturnType<TestClient["next"]> {
    ids += 1;
    anna.send({ type: "say", id: `a-${String(ids)}`, ...content });
    const { seq } = await anna.next("ack");
    const heard = await bobby.next("said");
    assert.equal(heard.seq, seq);
    return heard;
  }
  const partOf = async (content: object): Promise<unknown> => {
    const heard = await said(content);
    assert.ok(heard.type === "said" && heard.text === ("text" in content ? content.text : ""));
    return "part" in heard ? heard.part : undefined;
  };

  it("are announced with their limit", async () => {
    const challenge = await new TestClient(server.url).next("challenge");
    assert.equal(challenge.limits.partBytes, limits.partBytes);
  });

  it("are passed on whole", async () => {
    for (const part of [somePart, note, { kind: "output", at: 0, command: "npm test", exitCode: -1 }])
      assert.deepEqual(await partOf({ text: TEXT, part }), part);
  });

  it("are passed on without fields that are not known", async () => {
    const part = { ...somePart, later: { deep: [1] }, base: { ...somePart.base, more: "x" } };
    assert.deepEqual(await partOf({ text: TEXT, part }), somePart);
  });

  for (const [what, part] of invalid) {
    it(`are dropped with ${what}, and the text is delivered`, async () => {
      assert.equal(await partOf({ text: TEXT, part }), undefined);
    });
  }

  it("are bounded in size when they are passed on, whatever came", async () => {
    const part = await partOf({ text: TEXT, part: { ...heaviest, more: "x".repeat(50_000) } });
    assert.deepEqual(part, heaviest);
    assert.ok(Buffer.byteLength(JSON.stringify(part)) <= limits.partBytes);
    assert.equal(await partOf({ text: TEXT, part: { ...heaviest, source: "x".repeat(4_000) } }), undefined);
  });

  it("are limited in depth and marks like every message, before anything is parsed", async () => {
    const deep = `${'{"a":'.repeat(9)}1${"}".repeat(9)}`;
    anna.send(`{"type":"say","id":"deep","text":"x","part":${deep}}`);
    assert.equal((await anna.next("error")).code, "bad-message");
    anna.send({
      type: "say",
      id: "marks",
      text: "x",
      part: { kind: "note", line: 1, list: Array(600).fill(1) },
    });
    assert.equal((await anna.next("error")).code, "bad-message");
    assert.deepEqual(await bobby.settled(), []);
  });

  it("follow edits and retractions, also for those who join later", async () => {
    const first = await said({ text: TEXT, part: somePart });
    assert.ok(first.type === "said");
    const { seq } = first;
    const partsOf = async (name: string): Promise<unknown[]> => {
      const newcomer = await TestClient.join(server.url, name);
      const all = await newcomer.settled();
      await newcomer.close();
      await Promise.all(
        [anna, bobby].map(async (each) => {
          await each.until("arrived", (notice) => notice.name === name);
          await each.until("left", (notice) => notice.name === name);
        }),
      );
      return all.flatMap((each) => (each.type === "said" && each.seq >= seq ? [each.part ?? null] : []));
    };
    assert.deepEqual(await partsOf("carmen"), [somePart]);
    assert.deepEqual(await partOf({ text: "other", part: note, about: { kind: "edit", seq } }), note);
    assert.deepEqual(await partsOf("dora"), [note, note]);
    assert.equal(await partOf({ text: "none", about: { kind: "edit", seq } }), undefined);
    assert.deepEqual(await partsOf("erik"), [null, null, null]);
    assert.deepEqual(await partOf({ text: "back", part: somePart, about: { kind: "edit", seq } }), somePart);
    await partOf({ text: "(retracted)", about: { kind: "retract", seq } });
    assert.deepEqual(await partsOf("fritz"), [null, null, null, null, null]);
  });

  it("go with no reaction and no retraction", async () => {
    const first = await said({ text: TEXT, part: somePart });
    assert.ok(first.type === "said");
    const { seq } = first;
    const about = { kind: "react", seq, on: true };
    assert.equal(await partOf({ text: "👍", part: somePart, about }), undefined);
    assert.equal(
      await partOf({ text: "(retracted)", part: somePart, about: { kind: "retract", seq } }),
      undefined,
    );
  });

  it("change nothing for a client that knows none", async () => {
    const old = await TestClient.join(server.url, "old");
    for (const each of [anna, bobby]) await each.until("arrived", ({ name }) => name === "old");
    old.send(windowBefore.say);
    await old.until("ack", ({ id }) => id === "w.1");
    const heard = await anna.until("said", ({ id }) => id === "w.1");
    await bobby.until("said", ({ id }) => id === "w.1");
    assert.deepEqual(Object.keys(heard), Object.keys(JSON.parse(serverBefore.said) as object));
    const { text } = (await said({ text: TEXT, part: somePart })) as { text: string };
    const own = await old.until("said", (each) => each.text === TEXT && each.part !== undefined);
    assert.equal(text, TEXT);
    const withoutPart = Object.keys(own).filter((name) => name !== "part");
    assert.deepEqual(withoutPart, Object.keys(heard));
  });

  it("leave the greeting and the join as they were", async () => {
    const client = new TestClient(server.url);
    const { limits: given, can, ...challenge } = await client.next("challenge");
    assert.deepEqual(can, ["tunnel"]);
    const { limits: before, ...rest } = JSON.parse(serverBefore.challenge) as typeof challenge & {
      limits: object;
    };
    assert.deepEqual(Object.keys(challenge), Object.keys(rest));
    assert.deepEqual(Object.keys(given).sort(), [...Object.keys(before), "partBytes"].sort());
    client.sendJoin("former");
    assert.deepEqual(
      Object.keys(await client.next("joined")),
      Object.keys(JSON.parse(serverBefore.joined) as object),
    );
  });
});
