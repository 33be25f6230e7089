// The buttons on cards of files: saves, pauses, resumes and cancels them.
import { homedir } from "node:os";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { FilePart } from "../../../protocol/bulk.ts";
import type { PageMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { PeerSession } from "../../core/model/session.ts";
import { entryAt } from "../../core/model/transcript.ts";
import type { Store } from "../store/store.ts";
import { showFailure } from "../vscode/failures.ts";
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
    const { transfers } = this.#options;
    const { sid } = session;
    const { own, part } = entry;
    if (action === "pause") transfers.pause(sid, part.id, own);
    else if (action === "cancel") transfers.cancel(sid, part, own);
    else if (own) transfers.resume(sid, part.id);
    else if (action === "resume" && !transfers.needsFolder(sid, part.id))
      showFailure(transfers.accept(sid, part, null));
    else showFailure(this.#save(session, [part]));
  }

  async #save({ sid }: PeerSession, parts: readonly FilePart[]): Promise<void> {
    const { memory, transfers } = this.#options;
    const last = memory.get<string>(LAST_FOLDER);
    const start = last === undefined ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.file(last);
    const [folder] =
      (await vscode.window.showOpenDialog({
        ...{ canSelectFiles: false, canSelectFolders: true },
        defaultUri: start?.scheme === "file" ? start : vscode.Uri.file(homedir()),
        openLabel: l10n.t("Save Here"),
        title: l10n.t("Select a folder for the file"),
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
