// Everything about changes in conversations, connected.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { FileId, FilePart } from "../../../protocol/bulk.ts";
import type { ChangeSet } from "../../../protocol/changes.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import type { PageMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { WantedChanges } from "../../core/changes/changesArgument.ts";
import type { State } from "../../core/model/state.ts";
import { entryAt } from "../../core/model/transcript.ts";
import { HeldDocuments } from "../code/heldDocuments.ts";
import type { PartStore } from "../storage/partStore.ts";
import type { Store } from "../store/store.ts";
import { DisposableStore } from "../vscode/disposableStore.ts";
import { log } from "../vscode/failureLog.ts";
import { showFailure } from "../vscode/failures.ts";
import { showWarning } from "../vscode/notify.ts";
import type { ReadOnlyDocuments } from "../vscode/readOnlyDocuments.ts";
import { applyChanges } from "./changeApplier.ts";
import { ChangeBodies, type SentChanges, type Trouble } from "./changeBodies.ts";
import { reviewChanges, saveAsPatch } from "./changeReview.ts";
import { ChangeSender } from "./changeSender.ts";
import { Reviews } from "./reviews.ts";
import { UndoneChanges } from "./undoneChanges.ts";
import { Waiting } from "./waiting.ts";

type Options = {
  readonly store: Store;
  readonly parts: PartStore;
  readonly documents: ReadOnlyDocuments;
  readonly accept: (sid: SessionId, file: FilePart, folder: string) => Promise<void>;
  /** Ends what is on its way of a body, in either direction. */
  readonly cancel: (sid: SessionId, id: FileId) => void;
  readonly keepsHistory: () => boolean;
  readonly show: (session: SessionNumber) => void;
  readonly now: () => number;
};

type Request = Extract<PageMessage, { type: "changes" }>;

/** Changes of a message, and who has sent them. */
type Received = SentChanges & {
  readonly from: string;
  readonly session: SessionNumber;
  readonly index: number;
};

const troubles: Readonly<Record<Trouble, string>> = {
  gone: l10n.t("These changes are no longer available."),
  damaged: l10n.t("These changes arrived damaged. Ask for them again."),
};

export class ChangeFeatures {
  readonly #options: Options;
  readonly #bodies: ChangeBodies;
  readonly #sender: ChangeSender;
  readonly #documents: HeldDocuments;
  readonly #parts = new DisposableStore();
  readonly #reviews = this.#parts.add(new Reviews<Received>());
  readonly #undone = this.#parts.add(new UndoneChanges());

  constructor(options: Options) {
    this.#options = options;
    const { store, parts, accept, cancel, keepsHistory, show } = options;
    this.#bodies = this.#parts.add(
      new ChangeBodies({ store, parts, accept, cancel, keepsHistory, report: log }),
    );
    parts.prune().catch(log);
    this.#documents = this.#parts.add(new HeldDocuments(options));
    this.#sender = new ChangeSender({ store, bodies: this.#bodies, show });
  }

  /** @param given what the palette or a menu passes */
  send(given: readonly unknown[]): Promise<void> {
    return this.#sender.send(given);
  }

  sendTyped(session: SessionNumber, wanted: WantedChanges): void {
    showFailure(this.#sender.sendTyped(session, wanted));
  }

  /** What a peer of this session may fetch. */
  find(sid: SessionId, id: FileId): ReturnType<ChangeBodies["find"]> {
    return this.#bodies.find(sid, id);
  }

  /** A button on a card. */
  act(request: Request): void {
    const received = this.#received(request);
    if (received !== null) showFailure(this.#act(request.action, received));
  }

  /** The button over a review. */
  async applyReviewed(): Promise<void> {
    const reviewed = this.#reviews.visible();
    if (reviewed === undefined) return;
    const received = this.#received(reviewed);
    // The message may be another one now.
    if (received?.part.id === reviewed.part.id) await this.#act("apply", received);
    else await showWarning(troubles.gone);
  }

  dispose(): void {
    this.#parts.dispose();
  }

  async #act(action: Request["action"], received: Received): Promise<void> {
    const waiting = new Waiting(this.#options.now);
    const set = await waiting.during(this.#bodies.changes(received));
    if (!set.ok) await showWarning(troubles[set.error]);
    else if (action === "review") await this.#review(set.value, received);
    else if (action === "save") await saveAsPatch(set.value);
    else await this.#apply(set.value, received, waiting);
  }

  #review(set: ChangeSet, received: Received): Promise<void> {
    const gone = l10n.t("These changes are no longer in the conversation.");
    const { from, part, sid, index } = received;
    const isThere = ({ sessions }: State): boolean => {
      const session = sessions.find((each) => each.kind === "peer" && each.sid === sid);
      const entry = session === undefined ? undefined : entryAt(session.transcript, index);
      return entry?.kind === "message" && entry.part?.kind === "changes" && entry.part.id === part.id;
    };
    return reviewChanges(set, from, {
      put: (title, text, which) => {
        const uri = this.#documents.put(title, text, gone, isThere, which);
        this.#reviews.add(uri, received);
        return uri;
      },
    });
  }

  #apply(set: ChangeSet, received: Received, waiting: Waiting): Promise<void> {
    const { from, sid, index, part } = received;
    const setApplied = (which: "all" | "some" | "none"): void =>
      this.#options.store.dispatch({ type: "changes/applied", sid, index, part, which });
    return applyChanges({
      ...{ set, from },
      bases: () => waiting.during(this.#bases(set, received)),
      waited: () => waiting.ms,
      onApplied: (which, edited) => {
        setApplied(which);
        this.#undone.watch(`${sid}/${index}`, edited, (isUndone) => setApplied(isUndone ? "none" : which));
      },
      onUndone: () => setApplied("none"),
    });
  }

  /** The user can go on without them. */
  async #bases(set: ChangeSet, received: Received): Promise<ReadonlyMap<string, string>> {
    const title = l10n.t("Getting earlier versions of the files from {0}…", received.from);
    const location = vscode.ProgressLocation.Notification;
    return vscode.window.withProgress({ location, title, cancellable: true }, (_progress, cancellation) => {
      const canceled = new Promise<ReadonlyMap<string, string>>((resolve) => {
        cancellation.onCancellationRequested(() => resolve(new Map()));
      });
      return Promise.race([this.#bodies.bases(received, set), canceled]);
    });
  }

  #received({ session: number, index }: Pick<Request, "session" | "index">): Received | null {
    const session = this.#options.store.state.sessions.find((each) => each.number === number);
    if (session?.kind !== "peer") return null;
    const entry = entryAt(session.transcript, index);
    if (entry?.kind !== "message" || entry.part?.kind !== "changes") return null;
    const { sid, pin } = session;
    const { part, own, from } = entry;
    return { sid, pin, part, own, from, session: number, index };
  }
}
