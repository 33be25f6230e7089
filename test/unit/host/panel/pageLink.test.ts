// What the page gets: a snapshot when it asks, patches afterwards, nothing while it is hidden.
import assert from "node:assert/strict";
import { once, EventEmitter } from "node:events";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import { initialState } from "../../../../extension/core/model/state.ts";
import { aboveOnAll, PageLink } from "../../../../extension/host/panel/pageLink.ts";
import { receivePageMessage, type PageContext } from "../../../../extension/host/panel/pageMessages.ts";
import { Store } from "../../../../extension/host/store/store.ts";
import { HostMessage, type PageMessage } from "../../../../protocol/webview.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import { type PanelModel, reduce } from "../../../../webview/store/panelReducer.ts";
import { validate } from "../../../../protocol/codec.ts";

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

/** Requests to VS Code itself go nowhere here. */
function context(store: Store): PageContext {
  const unasked = (): never => assert.fail("nothing was asked of VS Code");
  return {
    ...{
      store,
      log: { warn: unasked },
      run: unasked,
      submitter: { submit: unasked, draft: (draft) => draft },
      files: { act: unasked, compose: unasked },
      changes: { act: unasked },
    },
    actions: { openLink: unasked, openFile: unasked, copyText: unasked, insertCode: unasked, code: unasked },
  };
}

describe("the page's link", () => {
  it("posts nothing before the page is ready, then a full snapshot", () => {
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

  it("combines the changes of one turn into one patch with the next revision", async () => {
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

  it("is silent while the page is away, and restarts with a snapshot", async () => {
    const { link, posted, complain } = setUp();
    link.ready();
    link.suspend();
    complain();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(posted.length, 1);
    link.ready();
    assert.equal(posted[1]?.type, "snapshot");
  });

  it("makes a page that is visible again ask for what it has missed", async () => {
    const { link, posted, complain } = setUp();
    const pageOf = (messages: HostMessage[]) =>
      messages.reduce<PanelModel | null>(
        (model, message) =>
          message.type === "snapshot" || message.type === "patch" ? reduce(model, message) : model,
        null,
      );
    link.resume();
    assert.deepEqual(posted, [], "it has not loaded yet");
    link.ready();
    link.resume();
    assert.equal(posted.length, 1, "it was not hidden");
    link.suspend();
    complain();
    link.resume();
    assert.equal(pageOf(posted)?.stale, true);
    link.ready();
    const page = pageOf(posted);
    assert.equal(page?.stale, false);
    assert.equal(page.logs.get(LOBBY)?.end, 1);
    complain();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(pageOf(posted)?.logs.get(LOBBY)?.end, 2);
  });

  it("forwards typing in one page to the other, and tells both when it is sent from either", async () => {
    const { store, link, posted } = setUp();
    const others: HostMessage[] = [];
    const other = new PageLink(store, () => "0123456789abcdef", others.push.bind(others));
    link.ready();
    other.ready();
    const draftsIn = (messages: HostMessage[]) =>
      messages.splice(0).flatMap((message) => (message.type === "patch" ? (message.drafts ?? []) : []));
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const write = (page: PageLink, text: string) => {
      receivePageMessage(context(store), page, () => undefined, {
        ...{ type: "draft", session: LOBBY, text, about: null },
      });
      return turn();
    };
    const nothing = { text: "", about: null };
    const hello = { text: "\\hello", about: null };

    await write(link, hello.text);
    assert.deepEqual(draftsIn(posted), []);
    assert.deepEqual(draftsIn(others), [{ session: LOBBY, ...hello, former: nothing }]);

    // Sent from the other one, which says itself that its composer is empty: a command, so that nothing else is needed.
    store.dispatch({ type: "user/submit", request: 1, session: LOBBY, text: hello.text });
    await write(other, "");
    assert.deepEqual(draftsIn(posted), [{ session: LOBBY, ...nothing, former: hello }]);
    assert.deepEqual(draftsIn(others), []);
    other.dispose();
  });

  it("delivers once, to a returning page, what was written in the meantime", async () => {
    const { store, link, posted } = setUp();
    link.ready();
    link.suspend();
    store.dispatch({ type: "user/draft", session: LOBBY, text: "elsewhere", about: null });
    link.ready();
    const snapshot = posted.at(-1);
    assert.ok(snapshot?.type === "snapshot");
    assert.deepEqual(snapshot.drafts, [{ session: LOBBY, text: "elsewhere", about: null }]);
    store.dispatch({ type: "user/draft", session: LOBBY, text: "elsewhere", about: null });
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(posted.every((message) => message.type !== "patch" || message.drafts === undefined));
  });

  it("knows its reader's position until the page is away", () => {
    const { store, link } = setUp();
    const told: number[][] = [];
    const page = new PageLink(
      store,
      () => "0123456789abcdef",
      () => undefined,
      () => told.push([...page.above]),
    );
    const receive = (message: PageMessage) =>
      receivePageMessage(context(store), page, () => undefined, message);
    receive({ type: "ready" });
    receive({ type: "reading", session: LOBBY, atEnd: false });
    receive({ type: "reading", session: sessionNumber(7), atEnd: false });
    assert.deepEqual(told.at(-1), [LOBBY], "no session that is not there");
    receive({ type: "ready", above: [LOBBY, sessionNumber(7)] });
    assert.deepEqual(told.at(-1), [LOBBY]);
    receive({ type: "reading", session: LOBBY, atEnd: true });
    assert.deepEqual(told.at(-1), []);
    receive({ type: "reading", session: LOBBY, atEnd: false });
    assert.deepEqual(aboveOnAll([page]), [LOBBY]);
    assert.deepEqual(aboveOnAll([page, link]), [], "the other page shows its end");
    assert.deepEqual(aboveOnAll([]), []);
    receive({ type: "ready" });
    assert.deepEqual(told.at(-1), [], "a page that is made anew shows the end");
    receive({ type: "reading", session: LOBBY, atEnd: false });
    page.suspend();
    assert.deepEqual(aboveOnAll([page]), []);
    page.dispose();
  });

  it("pages older lines, at most one page at a time, with their true indices", () => {
    const { link, posted, complain } = setUp();
    for (let i = 0; i < 250; i++) complain();
    link.more(LOBBY, 150);
    const page = posted.at(0);
    assert.ok(page?.type === "page");
    assert.deepEqual([page.index, page.entries.length], [50, 100]);
  });

  it("tells the page that a file is taken once that is so", async () => {
    const { store, link } = setUp();
    const answers: HostMessage[] = [];
    let take: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (take = resolve));
    const { files, ...rest } = context(store);
    const own = { ...rest, files: { ...files, compose: () => done } };
    const message = { type: "addFile", id: 3, session: LOBBY, name: "a", bytes: new Uint8Array(1) };
    receivePageMessage(own, link, (answer) => answers.push(answer), message);
    await Promise.resolve();
    assert.deepEqual(answers, []);
    take();
    await done;
    await Promise.resolve();
    assert.deepEqual(answers, [{ type: "taken", id: 3 }]);
  });
});
