// The buttons on cards of files: saves, shows, pauses, resumes and cancels them.
import { homedir } from "node:os";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { FilePart } from "../../../protocol/bulk.ts";
import type { KeptFile, PageMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { PeerSession } from "../../core/model/session.ts";
import { entryAt } from "../../core/model/transcript.ts";
import { offeredIn } from "../../core/view/shownFiles.ts";
import type { Store } from "../store/store.ts";
import { pickItem } from "../vscode/boxes.ts";
import { showFailure } from "../vscode/failures.ts";
import { showInfo } from "../vscode/notify.ts";
import { listedName } from "../vscode/plainText.ts";
import { copyInto } from "./delivery.ts";
import type { KeptFiles } from "./keptFiles.ts";
import type { Pictures } from "./pictures.ts";
import { revealFile } from "./revealFile.ts";
import type { WindowTransfers } from "./windowTransfers.ts";

/** Key of the folder that the last file was saved to. */
const LAST_FOLDER = "forkchat.fileFolder";

type Options = {
  readonly store: Pick<Store, "state">;
  readonly transfers: Pick<
    WindowTransfers,
    "accept" | "cancel" | "deliveredPath" | "needsFolder" | "pause" | "resume"
  >;
  readonly memory: vscode.Memento;
  readonly kept: Pick<KeptFiles, "pathOf">;
  readonly pictures: Pick<Pictures, "declined" | "saved">;
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
    const { store, transfers, pictures } = this.#options;
    const { sid } = session;
    const { own, part, kept } = entry;
    if (action === "open") {
      if (kept !== undefined) showFailure(this.#open(kept));
    } else if (action === "show") {
      const path = own ? null : transfers.deliveredPath(sid, part.id);
      if (path !== null) showFailure(this.#show(path, kept));
    } else if (action === "save" && !own && kept?.unsaved === true)
      showFailure(this.#saveKept(session, part, kept));
    else if (action === "saveAll") showFailure(this.#save(session, offeredIn(store.state, session)));
    else if (action === "pause") transfers.pause(sid, part.id, own);
    else if (action === "cancel" && !own && kept?.unsaved === true) pictures.declined(session, part, kept);
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
      const description = parts.map(({ name }) => listedName(name)).join(", ");
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
    const folder = parts.length === 0 ? undefined : await this.#chooseFolder(parts.length);
    if (folder === undefined) return;
    for (const part of parts) await this.#options.transfers.accept(sid, part, folder);
  }

  /** A picture that came without asking. */
  async #saveKept(session: PeerSession, part: FilePart, kept: KeptFile): Promise<void> {
    const folder = await this.#chooseFolder(1);
    if (folder === undefined) return;
    await copyInto(folder, part.name, this.#options.kept.pathOf(kept));
    this.#options.pictures.saved(session, part, kept);
  }

  async #open(kept: KeptFile): Promise<void> {
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(this.#options.kept.pathOf(kept)));
  }

  /** A picture that came without asking opens: where the user saved a copy is not known. */
  async #show(path: string, kept: KeptFile | undefined): Promise<void> {
    const isKept = kept !== undefined && this.#options.kept.pathOf(kept) === path;
    await (isKept ? this.#open(kept) : revealFile(path));
  }

  /** Starts at the last one. */
  async #chooseFolder(files: number): Promise<string | undefined> {
    const { memory } = this.#options;
    const last = memory.get<string>(LAST_FOLDER);
    const start = last === undefined ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.file(last);
    const [folder] =
      (await vscode.window.showOpenDialog({
        ...{ canSelectFiles: false, canSelectFolders: true },
        defaultUri: start?.scheme === "file" ? start : vscode.Uri.file(homedir()),
        openLabel: l10n.t("Save Here"),
        title:
          files === 1
            ? l10n.t("Select a folder for the file")
            : l10n.t("Select a folder for {0} files", files),
      })) ?? [];
    if (folder !== undefined) await memory.update(LAST_FOLDER, folder.fsPath);
    return folder?.fsPath;
  }

  #session(number: SessionNumber): PeerSession | undefined {
    const session = this.#options.store.state.sessions.find((each) => each.number === number);
    return session?.kind === "peer" ? session : undefined;
  }
}
