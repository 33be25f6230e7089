// What the page is told: a snapshot when it asks, patches afterwards, nothing while it is away.
import assert from "node:assert/strict";
import { once, EventEmitter } from "node:events";
import { LOBBY } from "../../extension/core/session.ts";
import { initialState } from "../../extension/core/state.ts";
import { PageLink } from "../../extension/host/pageLink.ts";
import { Store } from "../../extension/host/store.ts";
import { HostMessage } from "../../protocol/webview.ts";
import { failures } from "../../extension/core/texts.ts";
import { validate } from "../../protocol/codec.ts";

function setUp() {
  const store = new Store(
    initialState("w"),
    { now: () => 1000, random: () => 0, unique: () => "u".repeat(22) },
    () => undefined,
  );
  const posted: HostMessage[] = [];
  const posts = new EventEmitter();
  const link = new PageLink(
    store,
    () => "0123456789abcdef",
    (message) => {
      const valid = validate(HostMessage, message);
      assert.ok(valid.ok, "what is posted has the declared form");
      posted.push(message);
      posts.emit("post");
    },
  );
  let request = 0;
  const command = { name: "help", argument: "" } as const;
  const complain = (): void => store.dispatch({ type: "user/command", request: ++request, command });
  return { store, link, posted, posts, complain };
}

describe("the page's link", () => {
  it("posts nothing before the page is ready, then a snapshot with all there is", () => {
    const { link, posted, complain } = setUp();
    complain();
    assert.equal(posted.length, 0);
    link.ready();
    const snapshot = posted.at(0);
    assert.ok(snapshot?.type === "snapshot");
    assert.equal(snapshot.revision, 1);
    assert.deepEqual(snapshot.entries, [
      {
        session: 0,
        index: 0,
        entries: [{ kind: "notice", level: "error", at: 1000, text: failures.notJoined.text }],
      },
    ]);
  });

  it("joins the changes of one turn into one patch with the next revision", async () => {
    const { link, posted, posts, complain } = setUp();
    link.ready();
    complain();
    complain();
    await once(posts, "post");
    const patch = posted[1];
    assert.ok(patch?.type === "patch");
    assert.equal(patch.revision, 2);
    assert.equal(patch.entries[0]?.entries.length, 2);
    assert.deepEqual(Object.keys(patch.state ?? {}), ["sessions"]);
  });

  it("is silent while the page is away, and starts with a snapshot again", async () => {
    const { link, posted, complain } = setUp();
    link.ready();
    link.suspend();
    complain();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(posted.length, 1);
    link.ready();
    assert.equal(posted[1]?.type, "snapshot");
  });

  it("pages older lines, at most a page of them, with their true indices", () => {
    const { link, posted, complain } = setUp();
    for (let i = 0; i < 250; i++) complain();
    link.more(LOBBY, 150);
    const page = posted.at(0);
    assert.ok(page?.type === "page");
    assert.deepEqual([page.index, page.entries.length], [50, 100]);
  });
});
