// The files in composers: dropped or pasted there, and offered with the next message. They are this window's, and end with it.
import * as l10n from "@vscode/l10n";
import { OPEN_OFFERS, type FileId } from "../../../protocol/bulk.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import type { PageMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { PeerSession } from "../../core/model/session.ts";
import type { State } from "../../core/model/state.ts";
import type { Store } from "../store/store.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showFailure } from "../vscode/failures.ts";
import { showWarning } from "../vscode/notify.ts";
import type { Chosen } from "./chosenFiles.ts";
import { parsedUri } from "./fileDrops.ts";
import { showFaults, type FileOffers, type Prepared } from "./fileOffers.ts";

type Request = Extract<
  PageMessage,
  { type: "addFiles" | "addFile" | "notAdded" | "removeFile" | "sendFiles" }
>;

type Options = {
  readonly store: Pick<Store, "state" | "dispatch">;
  readonly offers: Pick<FileOffers, "prepare" | "offer" | "discard">;
};

/** A file, and the session in whose composer it is. */
type Composed = { readonly sid: SessionId; readonly file: Prepared };

export class ComposedFiles {
  readonly #options: Options;
  #files: readonly Composed[] = [];
  /** Requests follow each other: a file that is sent at once was added before. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
  }

  /** What the page asks. */
  take(request: Request): void {
    const answered = this.#queue.then(() => this.#answer(request));
    this.#queue = answered.catch(() => undefined);
    showFailure(answered);
  }

  /** Resolves when there is nothing to do. */
  idle(): Promise<void> {
    return this.#queue;
  }

  /** Files for sessions that are over go. */
  watch({ sessions }: State): void {
    const open = new Set(
      sessions.flatMap((each) => (each.kind === "peer" && each.link !== "ended" ? [each.sid] : [])),
    );
    this.#drop(this.#files.filter(({ sid }) => !open.has(sid)));
  }

  /** The copies of pasted files end with the window. */
  dispose(): void {
    for (const { file } of this.#files) logFailure(this.#options.offers.discard(file));
    this.#files = [];
  }

  async #answer(request: Request): Promise<void> {
    const session = this.#session(request.session);
    switch (request.type) {
      case "addFiles":
        return this.#add(
          session,
          request.uris.map((text) => parsedUri(text) ?? text),
        );
      case "addFile":
        return this.#add(session, [{ name: request.name.replace(/[/\\]/gu, "_"), bytes: request.bytes }]);
      case "notAdded":
        logFailure(showWarning(whyNot(request)));
        return;
      case "removeFile":
        this.#drop(this.#files.filter(({ file }) => file.id === request.id));
        return;
      case "sendFiles":
        return session === undefined ? undefined : this.#send(session, request.ids);
    }
  }

  /** @param chosen texts are none of these */
  async #add(session: PeerSession | undefined, chosen: readonly (Chosen | string)[]): Promise<void> {
    if (session === undefined) return;
    const faults: string[] = [];
    for (const each of chosen) {
      if (typeof each === "string") {
        faults.push(unreadable(each.slice(0, 100)));
        continue;
      }
      const isFull = this.#files.filter(({ sid }) => sid === session.sid).length >= OPEN_OFFERS;
      const file = isFull ? null : await this.#options.offers.prepare(session, each);
      if (file === null) faults.push(tooMany());
      else if (!file.ok) faults.push(file.error);
      else this.#set([...this.#files, { sid: session.sid, file: file.value }]);
    }
    logFailure(showFaults(faults));
  }

  /** What is not offered returns to the composer, unless its file is gone. */
  async #send(session: PeerSession, ids: readonly FileId[]): Promise<void> {
    const { offers } = this.#options;
    const sent = this.#files.filter(({ sid, file }) => sid === session.sid && ids.includes(file.id));
    this.#set(this.#files.filter((each) => !sent.includes(each)));
    const faults: string[] = [];
    for (const each of sent) {
      const offered = await offers.offer(session, each.file);
      if (!offered.ok) faults.push(offered.error);
      if (!offered.ok || !offered.value) this.#set([...this.#files, each]);
    }
    logFailure(showFaults(faults));
  }

  #drop(dropped: readonly Composed[]): void {
    if (dropped.length === 0) return;
    this.#set(this.#files.filter((each) => !dropped.includes(each)));
    for (const { file } of dropped) logFailure(this.#options.offers.discard(file));
  }

  #set(files: readonly Composed[]): void {
    this.#files = files;
    const { store } = this.#options;
    const numbers = new Map(
      store.state.sessions.flatMap((each) =>
        each.kind === "peer" ? [[each.sid, each.number] as const] : [],
      ),
    );
    const shown = files.flatMap(({ sid, file: { id, name, size } }) => {
      const session = numbers.get(sid);
      return session === undefined ? [] : [{ session, id, name, size }];
    });
    store.dispatch({ type: "files/composed", files: shown });
  }

  #session(number: SessionNumber): PeerSession | undefined {
    const session = this.#options.store.state.sessions.find((each) => each.number === number);
    return session?.kind === "peer" && session.link !== "ended" ? session : undefined;
  }
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
