// Everything about files in conversations, connected.
import type * as vscode from "vscode";
import type { FileId, FilePart } from "../../../protocol/bulk.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import type { PageMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { Conversation } from "../../core/model/conversation.ts";
import type { TransfersEffect } from "../../core/model/effects.ts";
import type { State } from "../../core/model/state.ts";
import type { BulkEvent, BulkLinks } from "../../core/model/transferPorts.ts";
import type { SavedSession } from "../storage/closedWindows.ts";
import type { Store } from "../store/store.ts";
import { DisposableStore } from "../vscode/disposableStore.ts";
import { log, logFailure } from "../vscode/failureLog.ts";
import { ComposedFiles } from "./composedFiles.ts";
import { FileDrops } from "./fileDrops.ts";
import { FileCards } from "./fileCards.ts";
import { showFailure } from "../vscode/failures.ts";
import { FileOffers, type SecretQuestions } from "./fileOffers.ts";
import type { KeptFiles } from "./keptFiles.ts";
import { Pictures } from "./pictures.ts";
import type { OnRequest } from "./sessionFiles.ts";
import { showTransfers } from "./transferList.ts";
import { WindowTransfers } from "./windowTransfers.ts";

type Options = {
  readonly store: Store;
  readonly bulk: BulkLinks;
  /** Of all windows' transfers. */
  readonly folder: string;
  /** Kept for all windows. */
  readonly memory: vscode.Memento;
  /** What messages bring besides files. */
  readonly onRequest: OnRequest;
  readonly show: (session: SessionNumber) => void;
  readonly questions: SecretQuestions;
  /** Of all windows' pictures in conversations. */
  readonly kept: KeptFiles;
  /** The private sessions that windows have saved. */
  readonly savedSessions: () => readonly SavedSession[];
  readonly conversationsElsewhere: () => readonly Conversation[];
  readonly pictureSettings: () => { readonly autoAcceptPictures: boolean; readonly days: number };
};

export class FileFeatures {
  readonly #store: Store;
  readonly #transfers: WindowTransfers;
  readonly #pictures: Pictures;
  readonly #savedSessions: Options["savedSessions"];
  readonly #offers: FileOffers;
  readonly #cards: FileCards;
  readonly #composed: ComposedFiles;
  /** What a tree passes when something is dropped on it. */
  readonly dropOnSession: FileDrops["onSession"];
  readonly dropOnPerson: FileDrops["onPerson"];
  readonly #parts = new DisposableStore();

  constructor(options: Options) {
    const { store, bulk, folder, memory, onRequest, show, questions, kept, pictureSettings } = options;
    const { conversationsElsewhere } = options;
    this.#savedSessions = options.savedSessions;
    const pictures = this.#parts.add(
      new Pictures({ store, kept, conversationsElsewhere, settings: pictureSettings }),
    );
    this.#pictures = pictures;
    this.#store = store;
    this.#transfers = this.#parts.add(
      new WindowTransfers({
        ...{ folder, bulk, onRequest, report: log },
        show: (transfer) => store.dispatch({ type: "transfer/changed", transfer }),
        unaskedFolder: (sid, part) => pictures.unaskedFolder(sid, part),
        delivered: (sid, part, path) => logFailure(pictures.delivered(sid, part, path)),
      }),
    );
    const transfers = this.#transfers;
    this.#offers = new FileOffers({
      ...{ store, transfers, show, questions },
      offered: (sid, part, path) => logFailure(pictures.offered(sid, part, path)),
    });
    this.#cards = new FileCards({ store, transfers, memory, kept, pictures });
    this.#composed = this.#parts.add(new ComposedFiles({ store, offers: this.#offers }));
    const drops = new FileDrops({ store, offers: this.#offers });
    this.dropOnSession = (row, data) => drops.onSession(row, data);
    this.dropOnPerson = (name, data) => drops.onPerson(name, data);
    this.#parts.add(
      store.onChange((before, after) => {
        if (before.sessions === after.sessions) return;
        this.#transfers.watch(after);
        this.#composed.watch(before, after);
        pictures.watch(before, after);
      }),
    );
  }

  /** What the core reports. */
  report(effect: TransfersEffect): void {
    // The mapped type of TransfersEffect ties each method to its own arguments, which the compiler cannot follow.
    const method = this.#transfers[effect.call].bind(this.#transfers) as (
      ...args: readonly unknown[]
    ) => void;
    method(...effect.args);
  }

  /** The user has cleared one conversation, or (null) all. Pictures go with the history. */
  clear(conversation: Conversation | null): void {
    const pin = conversation === null ? null : conversation.peer?.pin;
    const sessions = () => [...this.#savedSessions(), ...sessionsOf(this.#store.state)];
    if (pin !== undefined) showFailure(this.#transfers.clear(pin, sessions));
  }

  /** Deletes the pictures of one conversation, or (null) all. */
  forget(conversation: Conversation | null): void {
    this.#pictures.forget(conversation);
  }

  /** What comes over bulk links. */
  bulk(event: BulkEvent): void {
    this.#transfers.bulk(event);
  }

  /** @param selected all that is selected where the argument is from */
  sendFile(argument: unknown, selected: unknown): Promise<void> {
    return this.#offers.sendFile(argument, selected);
  }

  /** Fetches what a message brings into a folder. */
  accept(session: SessionId, file: FilePart, folder: string): Promise<void> {
    return this.#transfers.accept(session, file, folder);
  }

  /** Ends what is on its way of what a message has brought. */
  cancel(session: SessionId, id: FileId): void {
    this.#transfers.drop(session, id);
  }

  offerTyped(session: SessionNumber, path: string): void {
    this.#offers.offerTyped(session, path);
  }

  saveAll(): Promise<void> {
    return this.#cards.saveAll();
  }

  /** @param reveal shows a message */
  showTransfers(reveal: (session: SessionNumber, index: number) => void): Promise<void> {
    return showTransfers({ store: this.#store, cards: this.#cards, reveal });
  }

  act(request: Extract<PageMessage, { type: "file" }>): void {
    this.#cards.act(request);
  }

  /** What the page asks about the files in its composers. */
  compose(request: Parameters<ComposedFiles["take"]>[0]): Promise<void> {
    return this.#composed.take(request);
  }

  dispose(): void {
    this.#parts.dispose();
  }
}

/** Those of this window, even if it cannot save them. */
function sessionsOf({ sessions }: State): SavedSession[] {
  return sessions.flatMap((session) => {
    if (session.kind === "lobby") return [];
    const { sid, pin, files } = session;
    return [{ sid, pin, isOpen: true, files: files.map(({ path }) => path) }];
  });
}
