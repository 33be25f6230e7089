// What the user does with files: offers them, and saves, pauses or cancels those of a card.
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import * as vscode from "vscode";
import { FILE_BYTES, FileId, FilePart } from "../../../protocol/bulk.ts";
import { offerText } from "../../../protocol/fileText.ts";
import type { PageMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { PeerSession } from "../../core/model/session.ts";
import { entryAt } from "../../core/model/transcript.ts";
import type { Store } from "../store/store.ts";
import { pickItem } from "../vscode/boxes.ts";
import { showFailure } from "../vscode/failures.ts";
import { showInfo, showWarning } from "../vscode/notify.ts";
import { lookAt, lookInside } from "./sourceFile.ts";
import type { WindowTransfers } from "./windowTransfers.ts";

/** Key of the folder that the last file was saved to. */
const LAST_FOLDER = "forkchat.fileFolder";

/** Bytes of a file that is looked at for secrets. Keys and settings are small. */
const SECRET_BYTES = 64 * 1024;

/** Asks the user before something is sent that looks like a secret. */
export type SecretQuestions = {
  maySay(shared: {
    readonly session: PeerSession;
    readonly server: string;
    readonly path: string;
    readonly text: string;
    readonly action: string;
  }): Promise<boolean>;
};

type Options = {
  readonly store: Pick<Store, "state" | "dispatch" | "request">;
  readonly transfers: WindowTransfers;
  readonly memory: vscode.Memento;
  /** Shows the session. */
  readonly show: (session: SessionNumber) => void;
  readonly questions: SecretQuestions;
};

type FileRequest = Extract<PageMessage, { type: "file" }>;

export class FileOffers {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @param argument a path, or what the Explorer's menu passes; otherwise the user picks files */
  async sendFile(argument: unknown): Promise<void> {
    const session = await this.#chooseSession();
    if (session === undefined) return;
    const paths = await this.#paths(argument, session.peer);
    if (paths.length > 0) this.#options.show(session.number);
    for (const path of paths) {
      const fault = await this.#offer(session, path);
      if (fault !== null) await showWarning(fault);
    }
  }

  /** A path that was typed. Problems are shown in the session. */
  offerTyped(number: SessionNumber, path: string): void {
    const { store } = this.#options;
    const session = this.#session(number);
    if (session === undefined) return;
    const offer = async (): Promise<void> => {
      const text = await this.#offer(session, absolute(path));
      if (text !== null) store.dispatch({ type: "host/notAttached", session: number, text });
    };
    showFailure(offer());
  }

  /** A button on a card. */
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
    else showFailure(this.#save(session, part));
  }

  async #save({ sid }: PeerSession, part: FilePart): Promise<void> {
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
    await transfers.accept(sid, part, folder.fsPath);
    await memory.update(LAST_FOLDER, folder.fsPath);
  }

  /** Returns why not, as a sentence; null if the file is offered, or the user does not want that after all. */
  async #offer(session: PeerSession, path: string): Promise<string | null> {
    const { number, sid, peer } = session;
    const { store, transfers, questions } = this.#options;
    const source = await lookAt(path);
    if (source === null) return l10n.t("There's no file at {0}.", path);
    const name = basename(path);
    if (source.size > FILE_BYTES) return l10n.t("{0} is too large: files can have 2 GB.", name);
    const id = v.parse(FileId, randomBytes(16).toString("base64url"));
    const part = v.safeParse(FilePart, { kind: "file", id, name, size: source.size });
    if (!part.success) return l10n.t("{0} can't be sent because of characters in its name.", name);
    const inside = await lookInside(path, source.size > SECRET_BYTES ? 0 : SECRET_BYTES);
    const server = store.state.me?.server ?? "";
    const action = l10n.t("Send");
    if (!(await questions.maySay({ session, server, ...inside, action }))) return null;
    if (!(await transfers.offer(sid, part.output, path, source)))
      return l10n.t("{0} can't be offered: too many files already wait for {1}.", name, peer);
    const outcome = await store.request((request) => ({
      ...{ type: "user/say", request, session: number },
      ...{ text: offerText(part.output), part: part.output },
    }));
    if (outcome.ok) return null;
    transfers.cancel(sid, part.output, true);
    return outcome.text;
  }

  #session(number: SessionNumber): PeerSession | undefined {
    const session = this.#options.store.state.sessions.find((each) => each.number === number);
    return session?.kind === "peer" ? session : undefined;
  }

  /** The private session that is shown, or one that the user picks. */
  async #chooseSession(): Promise<PeerSession | undefined> {
    const { state } = this.#options.store;
    const active = this.#session(state.active);
    if (active !== undefined && active.link !== "ended") return active;
    const items = state.sessions.flatMap((session) =>
      session.kind === "peer" && session.link !== "ended" ? [{ label: session.peer, session }] : [],
    );
    if (items.length > 0) return (await pickItem(items, l10n.t("Select who gets the file")))?.session;
    const open = l10n.t("Open Private Session…");
    const answer = await showInfo(
      l10n.t("Files go from one window to another, so they need a private session."),
      open,
    );
    if (answer === open) await vscode.commands.executeCommand("forkchat.fork");
    return undefined;
  }

  async #paths(argument: unknown, peer: string): Promise<string[]> {
    if (typeof argument === "string" && argument !== "") return [absolute(argument)];
    const chosen =
      argument instanceof vscode.Uri
        ? [argument]
        : await vscode.window.showOpenDialog({
            canSelectMany: true,
            openLabel: l10n.t("Send"),
            title: l10n.t("Send to {0}", peer),
          });
    const uris = chosen ?? [];
    if (uris.some(({ scheme }) => scheme !== "file"))
      await showWarning(l10n.t("Only files on this computer can be sent."));
    return uris.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath);
  }
}

/** A path as it is typed: from the home folder, or from the first open folder. */
function absolute(path: string): string {
  if (path === "~" || /^~[/\\]/u.test(path)) return join(homedir(), path.slice(1));
  if (isAbsolute(path)) return path;
  return join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir(), path);
}
