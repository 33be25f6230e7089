// Offers files to the person in a private session: those of a command or a menu, picked, typed, dropped or pasted ones.
import { randomBytes } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import * as vscode from "vscode";
import { FileId, FilePart, OPEN_OFFERS } from "../../../protocol/bulk.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import { offerText } from "../../../protocol/fileText.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import type { ComposedFile, SessionNumber } from "../../../protocol/webview.ts";
import type { PeerSession } from "../../core/model/session.ts";
import { destination } from "../../core/view/conversations.ts";
import type { Store } from "../store/store.ts";
import { showFailure } from "../vscode/failures.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showWarning } from "../vscode/notify.ts";
import { nameOf, readable, type Chosen } from "./chosenFiles.ts";
import { choosePeer } from "./choosePeer.ts";
import { lookAt, lookInside } from "./sourceFile.ts";
import type { WindowTransfers } from "./windowTransfers.ts";

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
  readonly transfers: Pick<WindowTransfers, "copyPath" | "offer" | "withdrawn">;
  /** Shows the session. */
  readonly show: (session: SessionNumber) => void;
  readonly questions: SecretQuestions;
  /** A file is offered, and can be read at this path. */
  readonly offered: (sid: SessionId, part: FilePart, path: string) => void;
};

export class FileOffers {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * @param argument a path, or what the Explorer's menu passes; otherwise the user picks files
   * @param selected all that is selected in the Explorer
   */
  async sendFile(argument: unknown, selected: unknown): Promise<void> {
    const given = givenFiles(argument, selected);
    const isOne = (given?.length ?? 1) === 1;
    const session = await choosePeer(this.#options.store.state, {
      pick: isOne ? l10n.t("Select who gets the file") : l10n.t("Select who gets the files"),
      why: l10n.t("Files go from one window to another, so they need a private session."),
    });
    if (session === undefined) return;
    const files =
      given ??
      (await vscode.window.showOpenDialog({
        canSelectMany: true,
        openLabel: l10n.t("Send"),
        title: l10n.t("Send to {0}", session.peer),
      })) ??
      [];
    await this.offerAll(session, files);
  }

  /** Offers files one after the other, and then says which were not. */
  async offerAll(session: PeerSession, files: readonly Chosen[]): Promise<void> {
    if (files.length > 0 && this.#notThere(session) === null) this.#options.show(session.number);
    const faults: string[] = [];
    for (const [i, file] of files.entries()) {
      const fault = i < OPEN_OFFERS ? await this.#offer(session, file) : tooMany(nameOf(file), session);
      if (fault !== null) faults.push(fault);
    }
    showFaults(faults);
  }

  /** A path that was typed. Problems are shown in the session. */
  offerTyped(number: SessionNumber, path: string): void {
    const { store } = this.#options;
    const session = store.state.sessions.find((each) => each.number === number);
    if (session?.kind !== "peer") return;
    const offer = async (): Promise<void> => {
      const text = await this.#offer(session, placeOf(path));
      if (text !== null) store.dispatch({ type: "host/notAttached", session: number, text });
    };
    showFailure(offer());
  }

  /** Finds out where a file can be read, or why not, as a sentence. The caller discards it, or offers it. */
  async prepare({ sid }: PeerSession, chosen: Chosen): Promise<Result<ComposedFile, string>> {
    const id = v.parse(FileId, randomBytes(16).toString("base64url"));
    const file = await readable(chosen, this.#options.transfers.copyPath(sid, id));
    return file.ok ? ok({ id, ...file.value }) : file;
  }

  /** Moves the copy of a file that another session has left to this one to where this one's are. */
  async adopt({ sid }: PeerSession, file: ComposedFile): Promise<ComposedFile> {
    const path = this.#options.transfers.copyPath(sid, file.id);
    if (file.copied === undefined || file.path === path) return file;
    return rename(file.path, path).then(
      () => ({ ...file, path }),
      // Its offer says what is wrong.
      () => file,
    );
  }

  /** Of a file that is not offered after all, nothing stays. */
  async discard(sid: SessionId, { id, copied, path }: ComposedFile): Promise<void> {
    this.#options.transfers.withdrawn(sid, id);
    if (copied === true) await rm(path, { force: true });
  }

  /** Returns whether the file is offered: the user may not want that after all. */
  async offer(
    session: PeerSession,
    { id, path, name, shownPath }: ComposedFile,
  ): Promise<Result<boolean, string>> {
    const { number, sid } = session;
    const { store, transfers, questions } = this.#options;
    const before = this.#notThere(session);
    if (before !== null) return err(before);
    const source = await lookAt(path);
    if (source === null) return err(l10n.t("There's no file at {0}.", shownPath));
    const part = v.safeParse(FilePart, { kind: "file", id, name, size: source.size });
    if (!part.success) return err(l10n.t("{0} can't be sent because of characters in its name.", name));
    const inside = await lookInside(path, source.size > SECRET_BYTES ? 0 : SECRET_BYTES, shownPath);
    const server = store.state.me?.server ?? "";
    const action = l10n.t("Send");
    if (!(await questions.maySay({ session, server, ...inside, action }))) return ok(false);
    const isOffered = await transfers.offer(sid, part.output, path, source);
    const after = this.#notThere(session);
    if (after !== null) {
      transfers.withdrawn(sid, id);
      return err(after);
    }
    if (!isOffered) return err(tooMany(name, session));
    const outcome = await store.request((request) => ({
      ...{ type: "user/say", request, session: number },
      ...{ text: offerText(part.output), part: part.output },
    }));
    // Otherwise the peer does not know of it, and it can be tried again.
    if (!outcome.ok) return err(outcome.text);
    this.#options.offered(sid, part.output, path);
    return ok(true);
  }

  /** Returns why not, as a sentence; null if the file is offered, or the user does not want that after all. */
  async #offer(session: PeerSession, chosen: Chosen): Promise<string | null> {
    const notThere = this.#notThere(session);
    if (notThere !== null) return notThere;
    const file = await this.prepare(session, chosen);
    if (!file.ok) return file.error;
    const offered = await this.offer(session, file.value);
    if (!offered.ok || !offered.value) await this.discard(session.sid, file.value);
    return offered.ok ? null : offered.error;
  }

  /** Why nothing can be said in the session any more: another one may have its number. Null if it is still there. */
  #notThere({ number, sid }: PeerSession): string | null {
    const to = destination(this.#options.store.state, number, sid);
    return to.ok ? null : to.error;
  }
}

function tooMany(name: string, { peer }: PeerSession): string {
  return l10n.t("{0} can't be offered: too many files already wait for {1}.", name, peer);
}

/** Why files are not sent, in one notification. It is over only when the user closes it: nothing waits for that. */
export function showFaults([first, ...more]: readonly string[]): void {
  if (first === undefined) return;
  logFailure(
    showWarning(more.length === 0 ? first : l10n.t("{0} ({1} more weren't sent.)", first, more.length)),
  );
}

/** What a command or a menu passes: undefined if that is no file. A menu passes the file under the mouse, and all selected ones. */
function givenFiles(argument: unknown, selected: unknown): vscode.Uri[] | undefined {
  if (typeof argument === "string" && argument !== "") return [placeOf(argument)];
  if (!(argument instanceof vscode.Uri)) return undefined;
  const all = Array.isArray(selected) ? selected.filter((each) => each instanceof vscode.Uri) : [];
  return all.length > 0 ? all : [argument];
}

/**
 * A path as it is typed: from the home folder on this computer, or from the first open folder, which may be on another one.
 * There, a path from the root is one of that computer.
 */
function placeOf(path: string): vscode.Uri {
  if (path === "~" || /^~[/\\]/u.test(path)) return vscode.Uri.file(join(homedir(), path.slice(1)));
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const isElsewhere = folder.scheme !== "file";
  if (isElsewhere && path.startsWith("/")) return vscode.Uri.joinPath(folder.with({ path: "/" }), path);
  return isAbsolute(path) ? vscode.Uri.file(path) : vscode.Uri.joinPath(folder, path);
}
