// What is written behind a command, with the page's store and the host's joined as they are in a window: each message takes
// its time both ways.
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { SessionNumber } from "../../protocol/webview.ts";
import { sessionNumber } from "../../extension/core/session.ts";
import type { State } from "../../extension/core/state.ts";
import { PageLink } from "../../extension/host/pageLink.ts";
import { receivePageMessage } from "../../extension/host/pageMessages.ts";
import { Store } from "../../extension/host/store.ts";
import { PanelStore } from "../../webview/panelStore.ts";
import { after, look, NOW, online, tell, UNIQUE, unlinked, withBoth, type Step } from "../support/core.ts";
import { FakeTimers } from "../support/fakeTimers.ts";

const LOBBY = sessionNumber(0);
const CARMEN = sessionNumber(2);
/** In the lobby, with a session with each of them. */
const withTwo = after(withBoth, look(0));

class Window {
  readonly host: Store;
  readonly page: PanelStore;
  /** Sessions and texts that the page has handed over. */
  readonly submitted: [number, string][] = [];
  readonly #link: PageLink;
  #onTheWay: (() => void)[] = [];

  constructor(state: State) {
    this.host = new Store(state, { now: () => NOW, random: () => 0, unique: () => UNIQUE }, () => undefined);
    const toPage = (message: Parameters<PanelStore["receive"]>[0]): void => {
      const sent = structuredClone(message);
      this.#onTheWay.push(() => this.page.receive(sent));
    };
    this.page = new PanelStore({
      persist: () => undefined,
      post: (message) => {
        if (message.type === "submit") this.submitted.push([message.session, message.text]);
        const sent = structuredClone(message);
        this.#onTheWay.push(() => receivePageMessage(this.#context, this.#link, toPage, sent));
      },
    });
    this.#link = new PageLink(this.host, () => "0".repeat(32), toPage);
    this.#link.ready();
  }

  get #context(): Parameters<typeof receivePageMessage>[0] {
    const never = (): never => assert.fail("nothing is asked of VS Code");
    return {
      store: this.host,
      log: { warn: (text) => assert.fail(text) },
      run: never,
      actions: { openLink: never, copyText: never, insertCode: never },
    };
  }

  /** Until nothing is on its way any more. */
  async settle(): Promise<this> {
    for (let quiet = 0; quiet < 3; quiet++) {
      const arriving = this.#onTheWay;
      this.#onTheWay = [];
      if (arriving.length > 0) quiet = 0;
      for (const arrive of arriving) {
        arrive();
        await turn();
      }
      await turn();
    }
    return this;
  }

  write(session: SessionNumber, text: string): this {
    this.page.composer.type(session, text, session !== LOBBY);
    return this;
  }

  send(session: SessionNumber, text: string): this {
    this.write(session, text).page.composer.submit(session);
    return this;
  }

  shown(session: SessionNumber): string {
    return this.page.composer.text(session);
  }
}

describe("what is written behind a command", () => {
  const timers = new FakeTimers();
  beforeEach(() => timers.install());
  afterEach(() => timers.uninstall());

  const open = (state = withTwo): Promise<Window> => new Window(state).settle();
  const happens = (window: Window, step: Step): void => {
    for (const event of typeof step === "function" ? step(window.host.state) : [step])
      window.host.dispatch(event);
  };

  it("goes where that leads, and what stands there stays", async () => {
    const window = await open();
    window.write(CARMEN, "an old draft, ");
    await window.settle();
    timers.pass(1_000);
    window.send(LOBBY, "\\sw carmen").send(LOBBY, "one").write(LOBBY, "and");
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[CARMEN, "one"]]);
    assert.deepEqual([window.shown(LOBBY), window.shown(CARMEN)], ["", "an old draft, and"]);
    timers.pass(1_000);
    await window.settle();
    assert.equal(window.shown(CARMEN), "an old draft, and");
    assert.equal(window.host.state.sessions[2]?.draft, "an old draft, and");
  });

  it("goes to nobody when a fork is declined, and what is being written stays", async () => {
    const window = await open(online);
    window.send(LOBBY, "\\fork bobby");
    await window.settle();
    window.send(LOBBY, "secret").write(LOBBY, "and");
    timers.pass(600);
    await window.settle();
    const [fork] = window.host.state.forks;
    assert.ok(fork !== undefined);
    happens(window, tell({ type: "declined", id: fork.id, to: "bobby", reason: "declined" }));
    await window.settle();
    timers.pass(600);
    await window.settle();
    assert.deepEqual(window.submitted, [[LOBBY, "\\fork bobby"]]);
    assert.equal(window.shown(LOBBY), "secret\nand");
  });

  it("goes to nobody when there is no answer in time, or no such person", async () => {
    const late = await open(online);
    late.send(LOBBY, "\\fork bobby").send(LOBBY, "secret");
    await late.settle();
    timers.pass(3_000);
    await late.settle();
    const none = await open(online);
    none.send(LOBBY, "\\fork boby").send(LOBBY, "secret");
    await none.settle();
    for (const window of [late, none]) {
      assert.equal(window.submitted.length, 1);
      assert.equal(window.shown(LOBBY), "secret");
    }
  });

  it("does not go to a session that was opened from elsewhere meanwhile", async () => {
    const window = await open();
    window.send(LOBBY, "\\users").send(LOBBY, "for all");
    window.host.dispatch({ type: "user/activate", session: CARMEN });
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[LOBBY, "for all"]]);
  });

  it("is not what is written in another session meanwhile: that goes where it stands", async () => {
    const window = await open(after(withTwo, unlinked("bobby", "left")));
    window.send(LOBBY, "\\fork bobby");
    await window.settle();
    window.host.dispatch({ type: "user/activate", session: CARMEN });
    await window.settle();
    window.send(CARMEN, "private");
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[CARMEN, "private"]]);
  });

  it("stays when the page is hidden, or has lost a patch", async () => {
    for (const ending of ["leaves", "asks"] as const) {
      const window = await open(online);
      window.send(LOBBY, "\\fork bobby").send(LOBBY, "one").write(LOBBY, "and");
      window.page.composer[ending]();
      await window.settle();
      assert.equal(window.submitted.length, 1);
      assert.equal(window.host.state.sessions[0].draft, "one\nand");
    }
  });

  it("leaves an edit alone that is half written where it goes", async () => {
    const window = await open();
    const entry = { kind: "message", from: "anna", own: true, at: NOW, text: "old" } as const;
    window.page.composer.edit(CARMEN, 0, entry);
    window.page.composer.setText(CARMEN, "half an edit");
    await window.settle();
    window.send(LOBBY, "\\sw carmen").send(LOBBY, "hello");
    await window.settle();
    timers.pass(1_000);
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[CARMEN, "hello"]]);
    assert.equal(window.shown(CARMEN), "half an edit");
  });

  it("goes to the lobby behind a leave", async () => {
    const window = await open();
    window.host.dispatch({ type: "user/activate", session: CARMEN });
    await window.settle();
    window.send(CARMEN, "\\leave").send(CARMEN, "hello all").write(CARMEN, "good");
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[LOBBY, "hello all"]]);
    assert.equal(window.shown(LOBBY), "good");
  });

  it("keeps its writer in a session whose other side leaves", async () => {
    const window = await open(after(withBoth, look(2)));
    window.write(CARMEN, "p").write(CARMEN, "please do not tell");
    await window.settle();
    happens(window, unlinked("carmen", "left"));
    await window.settle();
    assert.equal(window.host.state.active, CARMEN);
    assert.equal(window.shown(CARMEN), "please do not tell");
  });
});
