// Someone with a blocked key speaks in the lobby of a real server under another name; and a server lies about who has which key.
import assert from "node:assert/strict";
import { findMessages } from "../../extension/core/view/messageSearch.ts";
import type { State } from "../../extension/core/model/state.ts";
import { transcriptText } from "../../extension/core/view/transcriptText.ts";
import type { Pin } from "../../protocol/fields.ts";
import type { Entry } from "../../protocol/webview.ts";
import { TestClient } from "../conformance/testClient.ts";
import {
  after,
  blank,
  invite,
  join,
  listening,
  messageId,
  NOW,
  online,
  open,
  pin,
  settings,
  show,
  tell,
  type,
  withBoth,
} from "../support/core.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import type { TestKey } from "../support/testKey.ts";

const linesIn = (state: State): readonly Entry[] => state.sessions[0].transcript.chunks.flat();
const wordsIn = (state: State): string[] =>
  linesIn(state).flatMap((entry) => (entry.kind === "message" ? [entry.text] : []));
/** What a search for every message finds, and what an export writes. */
function seen(state: State): string {
  const entries = linesIn(state);
  const search = findMessages([{ source: null, entries }], "", 1000);
  let step = search.next();
  while (step.done !== true) step = search.next();
  const exported = transcriptText({ title: "Lobby", mark: "", entries }).text;
  return JSON.stringify(step.value) + exported;
}
const keyBlocked = (state: State, key: string): boolean =>
  state.people.some((person) => person.blocked && person.pin === key);

/** A window at a real server: every message reaches the core unchanged. */
class Window {
  readonly client: TestClient;
  state: State;

  private constructor(client: TestClient, state: State) {
    this.client = client;
    this.state = state;
  }

  static async join(url: string, people: State["people"] = []): Promise<Window> {
    const client = await TestClient.join(url, "anna");
    const start = after({ ...blank, people }, join("anna"), open(), listening, tell(client.joined));
    return new Window(client, start);
  }

  /** Everything up to these words, whether they are shown or not. */
  async hears(text: string): Promise<void> {
    for (;;) {
      const message = await this.client.oneOf("said", "arrived", "left", "presence");
      this.state = after(this.state, tell(message));
      if (message.type === "said" && message.text === text) return;
    }
  }
}

describe("someone whose key is blocked", () => {
  let server: ServerProcess;
  beforeEach(async () => {
    server = await ServerProcess.start();
  });
  afterEach(() => server.stop());

  let ids = 0;
  const say = (client: TestClient, text: string, about: object = {}): void =>
    client.send({ type: "say", id: `say-${(ids += 1)}`, text, ...about });

  /** eve has said something, is blocked, and is there again under another name. */
  async function blockedEve(): Promise<{
    anna: Window;
    bobby: TestClient;
    mallory: TestClient;
    key: TestKey;
  }> {
    const anna = await Window.join(server.url);
    const bobby = await TestClient.join(server.url, "bobby");
    const eve = await TestClient.join(server.url, "eve");
    say(bobby, "friendly");
    await bobby.until("ack");
    say(eve, "unfriendly");
    await anna.hears("unfriendly");
    anna.state = after(anna.state, type("\\block eve"), show(false));
    const { key } = eve;
    await eve.close(1000);
    const mallory = await TestClient.join(server.url, "mallory", {}, key);
    return { anna, bobby, mallory, key };
  }

  it("stays hidden under another name: messages, replies, reactions, edits, mentions, and counts", async () => {
    const { anna, bobby, mallory, key } = await blockedEve();
    assert.ok(keyBlocked(anna.state, key.pin));
    const before = anna.state;
    say(mallory, "@anna guess who");
    const { seq } = await mallory.until("ack");
    say(mallory, "an answer", { about: { kind: "reply", seq: 1 } });
    say(mallory, "🦊", { about: { kind: "react", seq: 1, on: true } });
    say(mallory, "@anna guess again", { about: { kind: "edit", seq } });
    for (let i = 0; i < 3; i++) await mallory.until("ack");
    say(bobby, "still here");
    await anna.hears("still here");
    assert.deepEqual(wordsIn(anna.state).sort(), ["friendly", "still here", "unfriendly"]);
    assert.deepEqual(anna.state.notes, []);
    assert.equal(anna.state.sessions[0].unread, before.sessions[0].unread + 1);
    for (const word of ["guess", "answer", "🦊"]) assert.equal(seen(anna.state).includes(word), false);
  });

  it("stays hidden in missed messages, edited or not", async () => {
    const { anna, bobby, mallory } = await blockedEve();
    say(mallory, "first");
    const { seq } = await mallory.until("ack");
    say(mallory, "second", { about: { kind: "edit", seq } });
    await mallory.until("ack");
    await mallory.close(1000);
    say(bobby, "still here");
    await anna.client.close(1001);
    // Another window of anna's, which was not there: all of it is replayed, the author is gone.
    const later = await Window.join(server.url, anna.state.people);
    await later.hears("still here");
    assert.deepEqual(wordsIn(later.state), ["friendly", "still here"]);
  });

  it("is recognized by the first message after a block that knew only a name", async () => {
    const anna = await Window.join(server.url);
    const bobby = await TestClient.join(server.url, "bobby");
    const eve = await TestClient.join(server.url, "eve");
    say(bobby, "friendly");
    await anna.hears("friendly");
    anna.state = after(anna.state, type("\\block eve"));
    assert.equal(keyBlocked(anna.state, eve.key.pin), false);
    say(eve, "hidden");
    await anna.hears("hidden");
    assert.ok(keyBlocked(anna.state, eve.key.pin));
    await eve.close(1000);
    const mallory = await TestClient.join(server.url, "mallory", {}, eve.key);
    say(mallory, "hidden as well");
    await anna.hears("hidden as well");
    assert.deepEqual(wordsIn(anna.state), ["friendly"]);
    anna.state = after(anna.state, type("\\unblock eve"));
    say(mallory, "forgiven");
    await anna.hears("forgiven");
    assert.deepEqual(wordsIn(anna.state), ["friendly", "forgiven"]);
  });

  it("does not take a name along: someone with another key and another name is heard", async () => {
    const { anna } = await blockedEve();
    const zoe = await TestClient.join(server.url, "zoe");
    say(zoe, "new here");
    await anna.hears("new here");
    assert.ok(wordsIn(anna.state).includes("new here"));
  });
});

describe("a server that lies about who wrote a message", () => {
  const EVE = pin("eve");
  const words = (seq: number, from: string, text: string, key: Pin, about: object = {}) =>
    tell({ type: "said", seq, at: NOW, from, pin: key, id: messageId(`x.${seq}`), text, ...about });
  const there = (state: State, ...names: string[]): State =>
    after(state, ...names.map((name) => tell({ type: "arrived", name })));

  it("cannot block a friend by giving their key to someone who is blocked", () => {
    const carmens = there(withBoth, "eve");
    const blocked = after(carmens, words(1, "eve", "rude", pin("carmen")), type("\\block eve"));
    const later = after(blocked, words(2, "eve", "rude again", pin("bobby")));
    assert.deepEqual(
      later.people.filter(({ blocked }) => blocked).map(({ name, pin: key }) => [name, key]),
      [["eve", null]],
    );
    assert.deepEqual(later.sessions.length, withBoth.sessions.length);
    assert.deepEqual(later.channels, carmens.channels);
    assert.equal(wordsIn(later).includes("rude again"), false);
  });

  it("cannot make an unseen key known through a block and unblock", () => {
    const rude = after(there(online, "eve"), words(1, "eve", "rude", EVE));
    const asked = after(there(online, "eve"), settings({ acceptForks: "ask" }), invite("eve", "e", EVE));
    const named = after(there(online, "eve"), type("\\block eve"), words(1, "eve", "rude", EVE));
    for (const state of [rude, asked, named]) {
      const blocked = after(state, type("\\block eve"));
      assert.ok(keyBlocked(blocked, EVE));
      assert.deepEqual(after(blocked, type("\\unblock eve")).people, []);
    }
  });

  it("cannot lift a block by giving a blocked name other keys, or none", () => {
    const blocked = after(there(online, "eve"), words(1, "eve", "rude", EVE), type("\\block eve"));
    const later = after(
      blocked,
      words(2, "eve", "as another", pin("other")),
      tell({ type: "said", seq: 3, at: NOW, from: "eve", id: messageId("x.3"), text: "as nobody" }),
      words(4, "zoe", "by the key", EVE),
    );
    assert.deepEqual(wordsIn(later), ["rude"]);
    assert.deepEqual(later.people, blocked.people);
  });
});

describe("a key that is blocked because of its messages", () => {
  const EVE = pin("eve");
  const words = (seq: number, from: string, text: string, about: object = {}) =>
    tell({ type: "said", seq, at: NOW, from, pin: EVE, id: messageId(`x.${seq}`), text, ...about });
  const rude = after(online, tell({ type: "arrived", name: "eve" }), words(1, "eve", "rude"));

  it("stays known when the messages are edited or retracted, and when their author is gone", () => {
    const edited = after(rude, words(2, "eve", "ruder", { about: { kind: "edit", seq: 1 } }));
    const gone = words(3, "eve", "(retracted)", { about: { kind: "retract", seq: 1 } });
    for (const state of [edited, after(rude, gone), after(edited, gone)])
      assert.ok(keyBlocked(after(state, type("\\block eve")), EVE));
  });

  it("cannot open a private session under another name", () => {
    const blocked = after(rude, type("\\block eve"), invite("mallory", "m", EVE));
    assert.deepEqual([blocked.invites, blocked.questions, blocked.channels], [[], [], []]);
  });
});
