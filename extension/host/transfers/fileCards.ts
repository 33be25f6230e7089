// The buttons on cards of files: saves, pauses, resumes and cancels them.
import { homedir } from "node:os";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { FilePart } from "../../../protocol/bulk.ts";
import type { PageMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { PeerSession } from "../../core/model/session.ts";
import { entryAt } from "../../core/model/transcript.ts";
import { offeredIn } from "../../core/view/shownFiles.ts";
import type { Store } from "../store/store.ts";
import { pickItem } from "../vscode/boxes.ts";
import { showFailure } from "../vscode/failures.ts";
import { showInfo } from "../vscode/notify.ts";
import type { WindowTransfers } from "./windowTransfers.ts";

/** Key of the folder that the last file was saved to. */
const LAST_FOLDER = "forkchat.fileFolder";

type Options = {
  readonly store: Pick<Store, "state">;
  readonly transfers: Pick<WindowTransfers, "accept" | "cancel" | "needsFolder" | "pause" | "resume">;
  readonly memory: vscode.Memento;
};

type FileRequest = Extract<PageMessage, { type: "file" }>;

export class FileCards {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  act({ action, session: number, index }: FileRequest): void {
    const session = this.#session(number);
    const entry = session === undefined ? undefined : entryAt(session.transcript, index);
    if (session === undefined || entry?.kind !== "message" || entry.part?.kind !== "file") return;
    const { store, transfers } = this.#options;
    const { sid } = session;
    const { own, part } = entry;
    if (action === "saveAll") showFailure(this.#save(session, offeredIn(store.state, session)));
    else if (action === "pause") transfers.pause(sid, part.id, own);
    else if (action === "cancel") transfers.cancel(sid, part, own);
    else if (own) transfers.resume(sid, part.id);
    else if (action === "resume" && !transfers.needsFolder(sid, part.id))
      showFailure(transfers.accept(sid, part, null));
    else showFailure(this.#save(session, [part]));
  }

  /** Saves all files that wait for an answer in one session: the active one, or one that the user picks. */
  async saveAll(): Promise<void> {
    const { state } = this.#options.store;
    const items = state.sessions.flatMap((session) => {
      const parts = session.kind === "peer" ? offeredIn(state, session) : [];
      const description = parts.map(({ name }) => name).join(", ");
      return session.kind === "peer" && parts.length > 0
        ? [{ label: session.peer, description, session, parts }]
        : [];
    });
    const chosen =
      items.find(({ session }) => session.number === state.active) ??
      (items.length > 1 ? await pickItem(items, l10n.t("Select whose files to save")) : items[0]);
    if (chosen !== undefined) await this.#save(chosen.session, chosen.parts);
    else if (items.length === 0) await showInfo(l10n.t("There are no files to save."));
  }

  async #save({ sid }: PeerSession, parts: readonly FilePart[]): Promise<void> {
    if (parts.length === 0) return;
    const { memory, transfers } = this.#options;
    const last = memory.get<string>(LAST_FOLDER);
    const start = last === undefined ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.file(last);
    const [folder] =
      (await vscode.window.showOpenDialog({
        ...{ canSelectFiles: false, canSelectFolders: true },
        defaultUri: start?.scheme === "file" ? start : vscode.Uri.file(homedir()),
        openLabel: l10n.t("Save Here"),
        title:
          parts.length === 1
            ? l10n.t("Select a folder for the file")
            : l10n.t("Select a folder for {0} files", parts.length),
      })) ?? [];
    if (folder === undefined) return;
    for (const part of parts) await transfers.accept(sid, part, folder.fsPath);
    await memory.update(LAST_FOLDER, folder.fsPath);
  }

  #session(number: SessionNumber): PeerSession | undefined {
    const session = this.#options.store.state.sessions.find((each) => each.number === number);
    return session?.kind === "peer" ? session : undefined;
  }
}
