// The page's store and the host's, connected as in a window: each message takes its time both ways.
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { SessionNumber } from "../../protocol/webview.ts";
import { LOBBY } from "../../extension/core/model/session.ts";
import type { State } from "../../extension/core/model/state.ts";
import { PageLink } from "../../extension/host/panel/pageLink.ts";
import type { Shared } from "../../extension/host/code/mayShare.ts";
import { receivePageMessage } from "../../extension/host/panel/pageMessages.ts";
import { Submitter } from "../../extension/host/panel/submitter.ts";
import { Store } from "../../extension/host/store/store.ts";
import { PanelStore } from "../../webview/store/panelStore.ts";
import { NOW, UNIQUE, type Step } from "./core.ts";

export class PageAndHost {
  readonly host: Store;
  readonly page: PanelStore;
  /** Sessions and texts that the page has submitted. */
  readonly submitted: [number, string][] = [];
  /** Open questions about secrets, and how to answer each. */
  readonly questions: { readonly about: Shared; readonly answer: (agreed: boolean) => void }[] = [];
  /** Warnings of VS Code. */
  readonly warnings: string[] = [];
  readonly #link: PageLink;
  readonly #submitter: Submitter;
  #onTheWay: (() => void)[] = [];

  constructor(state: State) {
    this.host = new Store(state, { now: () => NOW, random: () => 0, unique: () => UNIQUE }, () => undefined);
    const toPage = (message: Parameters<PanelStore["receive"]>[0]): void => {
      const sent = structuredClone(message);
      this.#onTheWay.push(() => this.page.receive(sent));
    };
    this.page = new PanelStore({
      persist: () => undefined,
      persisted: null,
      post: (message) => {
        if (message.type === "submit") this.submitted.push([message.session, message.text]);
        const sent = structuredClone(message);
        this.#onTheWay.push(() => receivePageMessage(this.#context, this.#link, toPage, sent));
      },
    });
    this.#submitter = new Submitter({
      store: this.host,
      questions: {
        maySay: (about) => new Promise((answer) => this.questions.push({ about, answer })),
      },
      warn: (text) => this.warnings.push(text),
    });
    this.#link = new PageLink(this.host, () => "0".repeat(32), toPage);
    this.#link.ready();
  }

  get #context(): Parameters<typeof receivePageMessage>[0] {
    const never = (): never => assert.fail("nothing is asked of VS Code");
    return {
      store: this.host,
      log: { warn: (text) => assert.fail(text) },
      ...{ submitter: this.#submitter, run: never },
      ...{ files: { act: never, compose: never }, changes: { act: never } },
      actions: { openLink: never, openFile: never, copyText: never, insertCode: never, code: never },
    };
  }

  /** Resolves when no message is in flight. */
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

  /** The page gets nothing until it is shown again. */
  hide(): void {
    this.#link.suspend();
  }

  show(): void {
    this.#link.resume();
  }

  /** Delivers the oldest message on its way, in either direction. */
  async arriveOne(): Promise<void> {
    this.#onTheWay.shift()?.();
    await turn();
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

  /** An event at the host. */
  happens(step: Step): void {
    for (const event of typeof step === "function" ? step(this.host.state) : [step])
      this.host.dispatch(event);
  }
}
