// Messages about messages, who is there, and what a newcomer gets.
import assert from "node:assert/strict";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

describe("messages about messages", () => {
  let server: ServerProcess;
  let anna: TestClient;
  let bobby: TestClient;
  beforeEach(async () => {
    server = await ServerProcess.start("--messages-per-second", "1000");
    anna = await TestClient.join(server.url, "anna");
    bobby = await TestClient.join(server.url, "bobby");
    await anna.next("arrived");
    anna.send({ type: "say", id: "a-1", text: "frist" });
    await anna.next("ack");
    await bobby.next("said");
  });
  afterEach(() => server.stop());

  it("have numbers of their own, and name the message they refer to", async () => {
    anna.send({ type: "say", id: "a-2", text: "first", about: { kind: "edit", seq: 1 } });
    assert.equal((await anna.next("ack")).seq, 2);
    const { seq, text, about } = await bobby.next("said");
    assert.deepEqual([seq, text, about], [2, "first", { kind: "edit", seq: 1 }]);
    bobby.send({ type: "say", id: "b-1", text: "indeed", about: { kind: "reply", seq: 1 } });
    assert.deepEqual((await anna.next("said")).about, { kind: "reply", seq: 1 });
    bobby.send({ type: "say", id: "b-2", text: "\u{1f44d}", about: { kind: "react", seq: 1, on: true } });
    assert.deepEqual((await anna.next("said")).about, { kind: "react", seq: 1, on: true });
    anna.send({ type: "say", id: "a-3", text: "(retracted)", about: { kind: "retract", seq: 1 } });
    assert.deepEqual((await bobby.until("said", ({ seq }) => seq === 5)).about, { kind: "retract", seq: 1 });
  });

  it("hide the original text from people who join later", async () => {
    anna.send({ type: "say", id: "a-2", text: "frist, a secret", about: { kind: "edit", seq: 1 } });
    anna.send({ type: "say", id: "a-3", text: "first", about: { kind: "edit", seq: 1 } });
    await bobby.until("said", ({ seq }) => seq === 3);
    const texts = async (name: string): Promise<unknown[]> => {
      const newcomer = await TestClient.join(server.url, name);
      const said = await newcomer.settled();
      return said.flatMap((message) => (message.type === "said" ? [message.text] : []));
    };
    assert.deepEqual(await texts("carmen"), ["first", "(edited)", "first"]);
    anna.send({ type: "say", id: "a-4", text: "(retracted)", about: { kind: "retract", seq: 1 } });
    await bobby.until("said", ({ seq }) => seq === 4);
    assert.deepEqual(await texts("dora"), ["(retracted)", "(edited)", "(edited)", "(retracted)"]);
  });

  it("change only their author's messages", async () => {
    for (const kind of ["edit", "retract"]) {
      bobby.send({ type: "say", id: `b-${kind}`, text: "mine now", about: { kind, seq: 1 } });
      const { code, id } = await bobby.next("error");
      assert.deepEqual([code, id], ["not-yours", `b-${kind}`]);
    }
    assert.deepEqual(await anna.settled(), []);
  });

  it("refer to messages that exist, and not to other changes", async () => {
    anna.send({ type: "say", id: "a-2", text: "first", about: { kind: "edit", seq: 1 } });
    await anna.next("ack");
    for (const seq of [2, 3, 4711]) {
      anna.send({ type: "say", id: `a-${seq}-x`, text: "what?", about: { kind: "edit", seq } });
      assert.equal((await anna.next("error")).code, "unknown-message");
    }
  });

  it("cannot refer to a retracted message", async () => {
    const retraction = { type: "say", id: "a-2", text: "(retracted)", about: { kind: "retract", seq: 1 } };
    anna.send(retraction);
    assert.equal((await anna.next("ack")).seq, 2);
    for (const [who, id, about] of [
      [anna, "a-3", { kind: "edit", seq: 1 }],
      [anna, "a-4", { kind: "retract", seq: 1 }],
      [bobby, "b-1", { kind: "reply", seq: 1 }],
      [bobby, "b-2", { kind: "react", seq: 1, on: true }],
      [bobby, "b-3", { kind: "react", seq: 1, on: false }],
    ] as const) {
      who.send({ type: "say", id, text: "\u{1f44d}", about });
      const error = await who.until("error");
      assert.deepEqual([error.code, error.id], ["unknown-message", id]);
    }
    anna.send(retraction);
    assert.equal((await anna.next("ack")).seq, 2, "a retraction sent twice is one");
  });

  it("contain an emoji where one is required", async () => {
    const half = "\u{1f1eb}";
    const two = "\u{1f44d}\u{1f389}";
    for (const text of ["no", "\u{1f44d}no", "<b>", "12", "1", "1337\u2620", half, half.repeat(3), two]) {
      bobby.send({ type: "say", id: "b-9", text, about: { kind: "react", seq: 1, on: true } });
      const error = await bobby.next("error");
      assert.deepEqual([error.code, error.id], ["bad-message", "b-9"], text);
    }
    const england = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
    bobby.send({ type: "say", id: "b-9", text: england, about: { kind: "react", seq: 1, on: true } });
    assert.equal((await bobby.next("ack")).id, "b-9");
  });

  it("are accepted long after the history has forgotten the message they change", async () => {
    // The history holds 512 messages.
    for (let n = 0; n < 512; n++) bobby.send({ type: "say", id: `b-${n}`, text: String(n) });
    await bobby.until("ack", ({ id }) => id === "b-511");
    bobby.send({ type: "say", id: "b-x", text: "mine", about: { kind: "edit", seq: 1 } });
    assert.equal((await bobby.until("error")).code, "not-yours");
    const retraction = { type: "say", id: "a-2", text: "(retracted)", about: { kind: "retract", seq: 1 } };
    anna.send(retraction);
    assert.equal((await anna.until("ack", ({ id }) => id === "a-2")).seq, 514);
    assert.deepEqual((await bobby.until("said")).about, { kind: "retract", seq: 1 });
  });

  it("are delivered once when sent twice", async () => {
    const edit = { type: "say", id: "a-2", text: "first", about: { kind: "edit", seq: 1 } };
    anna.send(edit);
    anna.send(edit);
    assert.deepEqual([(await anna.next("ack")).seq, (await anna.next("ack")).seq], [2, 2]);
    await bobby.next("said");
    assert.deepEqual(await bobby.settled(), []);
  });
});

describe("who is there", () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop());

  it("starts over with each connection", async () => {
    const dora = await TestClient.join(server.url, "dora");
    const emil = await TestClient.join(server.url, "emil");
    emil.send({ type: "presence", state: "busy" });
    assert.equal((await dora.until("presence")).state, "busy");
    const { resume } = emil.joined;
    const back = await TestClient.join(server.url, "emil", { resume }, emil.key);
    assert.deepEqual(await dora.next("presence"), { type: "presence", name: "emil", state: "here" });
    assert.ok(back.joined.users.every(({ state }) => state === undefined));
    await Promise.all([dora.close(), back.close()]);
  });

  it("is sent to everyone online, and to people who join later", async () => {
    const anna = await TestClient.join(server.url, "anna");
    const bobby = await TestClient.join(server.url, "bobby");
    bobby.send({ type: "presence", state: "away" });
    assert.deepEqual((await anna.next("arrived")).name, "bobby");
    assert.deepEqual(await anna.next("presence"), { type: "presence", name: "bobby", state: "away" });
    // The one who says it hears nothing, as of their own coming; but what others do, in its order.
    assert.deepEqual(await bobby.settled(), []);
    anna.send({ type: "presence", state: "busy" });
    bobby.send({ type: "presence", state: "busy" });
    bobby.send({ type: "presence", state: "away" });
    anna.send({ type: "presence", state: "here" });
    assert.deepEqual(
      [await bobby.next("presence"), await bobby.next("presence")].map(({ name, state }) => [name, state]),
      [
        ["anna", "busy"],
        ["anna", "here"],
      ],
    );
    assert.deepEqual(await bobby.settled(), []);
    assert.deepEqual(
      [(await anna.next("presence")).state, (await anna.next("presence")).state],
      ["busy", "away"],
    );
    const carmen = await TestClient.join(server.url, "carmen");
    assert.deepEqual(carmen.joined.users, [
      { name: "anna" },
      { name: "bobby", state: "away" },
      { name: "carmen" },
    ]);
    bobby.send({ type: "presence", state: "here" });
    assert.deepEqual(await carmen.next("presence"), { type: "presence", name: "bobby", state: "here" });
    carmen.send({ type: "users" });
    assert.deepEqual((await carmen.next("users")).items, [
      { name: "anna" },
      { name: "bobby" },
      { name: "carmen" },
    ]);
  });
});

describe("what a newcomer gets of the lobby", () => {
  async function newcomer(history: string): ReturnType<typeof TestClient.join> {
    const server = await ServerProcess.start("--history", history);
    after(() => server.stop());
    const anna = await TestClient.join(server.url, "anna");
    for (const n of [1, 2, 3]) anna.send({ type: "say", id: `a-${n}`, text: `said ${n}` });
    await anna.until("ack", ({ seq }) => seq === 3);
    return TestClient.join(server.url, "bobby");
  }

  it("consists of the last messages, counted as missed", async () => {
    const bobby = await newcomer("2");
    assert.deepEqual([bobby.joined.seq, bobby.joined.missed, bobby.joined.gap], [3, 2, false]);
    assert.deepEqual(
      [(await bobby.next("said")).text, (await bobby.next("said")).text],
      ["said 2", "said 3"],
    );
  });

  it("is empty with --history 0", async () => {
    const bobby = await newcomer("0");
    assert.deepEqual([bobby.joined.seq, bobby.joined.missed], [3, 0]);
    assert.deepEqual(await bobby.settled(), []);
  });
});
