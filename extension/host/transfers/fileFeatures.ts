// Everything about files in conversations, connected.
import type * as vscode from "vscode";
import type { PageMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { TransfersEffect } from "../../core/model/effects.ts";
import type { BulkEvent, BulkLinks } from "../../core/model/transferPorts.ts";
import type { Store } from "../store/store.ts";
import { DisposableStore } from "../vscode/disposableStore.ts";
import { log } from "../vscode/failureLog.ts";
import { FileDrops } from "./fileDrops.ts";
import { FileCards } from "./fileCards.ts";
import { FileOffers, type SecretQuestions } from "./fileOffers.ts";
import { WindowTransfers } from "./windowTransfers.ts";

type Options = {
  readonly store: Store;
  readonly bulk: BulkLinks;
  /** Of all windows' transfers. */
  readonly folder: string;
  /** Kept for all windows. */
  readonly memory: vscode.Memento;
  readonly show: (session: SessionNumber) => void;
  readonly questions: SecretQuestions;
};

export class FileFeatures {
  readonly #transfers: WindowTransfers;
  readonly #offers: FileOffers;
  readonly #cards: FileCards;
  /** What a tree passes when something is dropped on it. */
  readonly dropOnSession: FileDrops["onSession"];
  readonly dropOnPerson: FileDrops["onPerson"];
  readonly #parts = new DisposableStore();

  constructor({ store, bulk, folder, memory, show, questions }: Options) {
    this.#transfers = this.#parts.add(
      new WindowTransfers({
        ...{ folder, bulk, report: log },
        show: (transfer) => store.dispatch({ type: "transfer/changed", transfer }),
      }),
    );
    const transfers = this.#transfers;
    this.#offers = new FileOffers({ store, transfers, show, questions });
    this.#cards = new FileCards({ store, transfers, memory });
    const drops = new FileDrops({ store, offers: this.#offers });
    this.dropOnSession = (row, data) => drops.onSession(row, data);
    this.dropOnPerson = (name, data) => drops.onPerson(name, data);
    this.#parts.add(
      store.onChange((before, after) => {
        if (before.sessions !== after.sessions) this.#transfers.watch(after);
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

  /** What comes over bulk links. */
  bulk(event: BulkEvent): void {
    this.#transfers.bulk(event);
  }

  /** @param selected all that is selected where the argument is from */
  sendFile(argument: unknown, selected: unknown): Promise<void> {
    return this.#offers.sendFile(argument, selected);
  }

  offerTyped(session: SessionNumber, path: string): void {
    this.#offers.offerTyped(session, path);
  }

  act(request: Extract<PageMessage, { type: "file" }>): void {
    this.#cards.act(request);
  }

  dispose(): void {
    this.#parts.dispose();
  }
}
