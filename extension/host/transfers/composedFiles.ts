// The files in composers: dropped or pasted there, and offered with the next message. The state has them; their copies are here.
import { utimes } from "node:fs/promises";
import * as l10n from "@vscode/l10n";
import { OPEN_OFFERS, type FileId } from "../../../protocol/bulk.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import type { ComposedFile, PageMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { PeerSession } from "../../core/model/session.ts";
import type { State } from "../../core/model/state.ts";
import { conversationId, destination } from "../../core/view/conversations.ts";
import type { Store } from "../store/store.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showFailure } from "../vscode/failures.ts";
import { showWarning } from "../vscode/notify.ts";
import type { Chosen } from "./chosenFiles.ts";
import { parsedUri } from "./fileDrops.ts";
import { showFaults, type FileOffers } from "./fileOffers.ts";

type Request = Extract<
  PageMessage,
  { type: "addFiles" | "addFile" | "notAdded" | "removeFile" | "sendFiles" }
>;

type Options = {
  readonly store: Pick<Store, "state" | "dispatch">;
  readonly offers: Pick<FileOffers, "adopt" | "discard" | "offer" | "prepare">;
};

/** Bytes of all copies in the composers of a window. */
const COPIES_BYTES = 512_000_000;

/** Milliseconds after which copies are touched again: those that nothing happens to are deleted after some days. */
const TOUCH_MS = 3_600_000;

/** A file, and the session in whose composer it is. */
type Composed = { readonly sid: SessionId; readonly file: ComposedFile };

export class ComposedFiles {
  readonly #options: Options;
  readonly #timer: NodeJS.Timeout;
  /** Requests follow each other: a file that is sent at once was added before. */
  #queue: Promise<void> = Promise.resolve();
  /** What is being offered: if it leaves its composer, its copy is needed. */
  #offering: FileId | null = null;

  constructor(options: Options) {
    this.#options = options;
    const touch = (): Promise<void> => this.#touch(inComposers(options.store.state));
    this.#timer = setInterval(() => logFailure(this.#later(touch)), TOUCH_MS).unref();
  }

  /** What the page asks. Resolves when that is done, or the user knows why not. */
  take(request: Request): Promise<void> {
    const done = this.#later(() => this.#answer(request));
    showFailure(done);
    return done.catch(() => undefined);
  }

  /** Resolves when there is nothing to do. */
  idle(): Promise<void> {
    return this.#queue;
  }

  /** A copy goes with its file. */
  watch(before: State, after: State): void {
    const now = inComposers(after);
    const ids = new Set(now.map(({ file }) => file.id));
    for (const { sid, file } of inComposers(before))
      if (!ids.has(file.id) && file.id !== this.#offering)
        logFailure(this.#options.offers.discard(sid, file));
    if (before.me === null && now.length > 0) logFailure(this.#later(() => this.#touch(now)));
  }

  /** The files stay, as the draft does. */
  dispose(): void {
    clearInterval(this.#timer);
  }

  #later(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #answer(request: Request): Promise<void> {
    switch (request.type) {
      case "addFiles":
        return this.#add(
          request.session,
          request.uris.map((text) => parsedUri(text) ?? text),
        );
      case "addFile":
        return this.#add(request.session, [
          { name: request.name.replace(/[/\\]/gu, "_"), bytes: request.bytes },
        ]);
      case "notAdded":
        logFailure(showWarning(whyNot(request)));
        return;
      case "removeFile":
        this.#options.store.dispatch({ type: "file/discarded", id: request.id });
        return;
      case "sendFiles":
        return this.#send(request.session, request.ids);
    }
  }

  /** @param chosen texts are none of these */
  async #add(number: SessionNumber, chosen: readonly (Chosen | string)[]): Promise<void> {
    const session = this.#session(number);
    if (session === null) return;
    const faults: string[] = [];
    for (const each of chosen) {
      if (typeof each === "string") {
        faults.push(unreadable(each.slice(0, 100)));
        continue;
      }
      const fault = await this.#addOne(session, each);
      if (fault !== null) faults.push(fault);
    }
    showFaults(faults);
  }

  /** Returns why not, as a sentence. */
  async #addOne(session: PeerSession, chosen: Chosen): Promise<string | null> {
    const { store, offers } = this.#options;
    const { sid } = session;
    const before = inComposers(store.state);
    if (before.filter((each) => each.sid === sid).length >= OPEN_OFFERS) return tooMany();
    const prepared = await offers.prepare(session, chosen);
    if (!prepared.ok) return prepared.error;
    const file = prepared.value;
    const copies = [...before.map((each) => each.file), file].filter(({ copied }) => copied === true);
    const hasRoom = file.copied === undefined || sum(copies) <= COPIES_BYTES;
    if (hasRoom) store.dispatch({ type: "file/composed", sid, file });
    // Without room, or without the session: it may have gone meanwhile.
    if (!this.#has(file.id)) await offers.discard(sid, file);
    return hasRoom ? null : tooMany();
  }

  /** What is not offered stays in the composer. */
  async #send(number: SessionNumber, ids: readonly FileId[]): Promise<void> {
    const session = this.#session(number);
    if (session === null) return;
    const { store, offers } = this.#options;
    const { sid } = session;
    const faults: string[] = [];
    for (const id of ids) {
      const found = inComposers(store.state).find((each) => each.sid === sid && each.file.id === id);
      if (found === undefined) continue;
      this.#offering = id;
      const file = await offers.adopt(session, found.file);
      if (file !== found.file) store.dispatch({ type: "file/composed", sid, file });
      const offered = await offers.offer(session, file);
      this.#offering = null;
      if (!offered.ok) faults.push(offered.error);
      // The session may have gone meanwhile.
      if (!(offered.ok && offered.value) && !this.#has(id)) await offers.discard(sid, file);
    }
    showFaults(faults);
  }

  /** Keeps the copies, also from other windows. One that is gone takes its file along. */
  async #touch(composed: readonly Composed[]): Promise<void> {
    const now = new Date();
    const faults: string[] = [];
    for (const { file } of composed) {
      if (file.copied === undefined || !this.#has(file.id)) continue;
      const isThere = await utimes(file.path, now, now).then(
        () => true,
        () => false,
      );
      if (isThere) continue;
      faults.push(unreadable(file.name));
      this.#options.store.dispatch({ type: "file/discarded", id: file.id });
    }
    showFaults(faults);
  }

  #has(id: FileId): boolean {
    return inComposers(this.#options.store.state).some(({ file }) => file.id === id);
  }

  /** Null if nothing can be sent there, which the user is told. */
  #session(number: SessionNumber): PeerSession | null {
    const { state } = this.#options.store;
    const to = destination(state, number, conversationId(state, number));
    if (!to.ok) logFailure(showWarning(to.error));
    return to.ok && to.value.session.kind === "peer" ? to.value.session : null;
  }
}

function inComposers({ sessions }: State): Composed[] {
  return sessions.flatMap((session) =>
    session.kind === "peer" ? session.files.map((file) => ({ sid: session.sid, file })) : [],
  );
}

function sum(files: readonly ComposedFile[]): number {
  return files.reduce((total, { size }) => total + size, 0);
}

function tooMany(): string {
  return l10n.t("No more files fit into one message.");
}

function unreadable(name: string): string {
  return l10n.t("{0} can't be read.", name);
}

function whyNot({ why, name }: Extract<Request, { type: "notAdded" }>): string {
  switch (why) {
    case "lobby":
      return l10n.t("Files go from one window to another, so they need a private session.");
    case "large":
      return l10n.t(
        "{0} is too large to be dropped here. “Chat: Send File…” sends files of up to 2 GB.",
        name,
      );
    case "unreadable":
      return unreadable(name);
    case "undrawn":
      return l10n.t(
        "{0} can't be pasted without what it may say about where it was taken. “Chat: Send File…” sends it as it is.",
        name,
      );
    case "many":
      return tooMany();
  }
}
