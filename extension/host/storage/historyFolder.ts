// The folder of saved conversations, and the owner of each file. A file name contains its conversation, its owner's
// process id and host (0: none), and a unique mark. A window takes a file over by renaming it: of two that try, one
// succeeds, and no file ever has two writers.
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Conversation } from "../../core/model/conversation.ts";
import { serverKey } from "../../core/model/serverAddress.ts";
import { ASIDE } from "./appendFile.ts";
import { DAMAGED, keepDamaged } from "./damagedFiles.ts";
import { FRESH_MS, held } from "./heldFiles.ts";
import { conversationIn, isNewer, type KeptConversation, parseHistory } from "./historyFile.ts";
import { bootedAt, HOST, isAlive, KNOWS_BOOT } from "./processes.ts";
import { renameFileSync } from "./renameFile.ts";

/** Older versions did not include the host. */
const NAME = /^(?<key>[0-9a-f]{32})\.(?<pid>\d+)(?:-(?<host>[0-9a-f]{12}))?\.(?<mark>[0-9a-f]{12})\.history$/;

/** Milliseconds by which an adjusted clock may make the machine's boot seem later than it was. */
const CLOCK_MS = 60_000;

type Log = { warn(text: string): void };

type Found = {
  readonly path: string;
  readonly key: string;
  readonly pid: number;
  readonly host: string | null;
  readonly mark: string;
};

/** A file's content, and whether this window may continue it. */
export type Claimed = { readonly path: string; readonly kept: KeptConversation; readonly taken: boolean };

export class HistoryFolder {
  readonly #folder: string;
  #isCanonical = false;
  readonly #log: Log;

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** Everything saved of a conversation; files without a running window are taken over, and repaired if necessary. */
  claim(conversation: Conversation): Claimed[] {
    this.#renameFormer();
    const key = keyOf(conversation);
    return this.#files()
      .filter((file) => file.key === key)
      .flatMap((file) => {
        const taken = isFree(file) ? this.#move(file, process.pid) : null;
        const path = taken ?? file.path;
        const text = read(path);
        if (text === null || isNewer(text)) {
          if (taken !== null) this.#move({ ...file, path: taken }, 0);
          return [];
        }
        const kept = parseHistory(text, conversation);
        if (taken !== null && kept?.isDamaged !== false) keepDamaged(path, this.#log);
        if (taken !== null && kept === null) this.remove(path);
        return kept === null ? [] : [{ path, kept, taken: taken !== null }];
      });
  }

  /** A path for a new file of a conversation, owned by this window. */
  create(conversation: Conversation): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path({ key: keyOf(conversation), pid: process.pid, mark: newMark() });
    held.add(path);
    return path;
  }

  /** Releases a file, so that another window can continue it. */
  release(path: string): void {
    const file = this.#files().find((candidate) => candidate.path === path);
    if (file !== undefined) this.#move(file, 0);
    held.delete(path);
  }

  /** Another process has taken a file of this window. */
  forget(path: string): void {
    held.delete(path);
  }

  remove(path: string): void {
    rmSync(path, { force: true });
    held.delete(path);
  }

  /** Deletes files without a running window, and unfinished ones: of one conversation, or of all. */
  clear(conversation: Conversation | null): void {
    this.#renameFormer();
    const key = conversation === null ? null : keyOf(conversation);
    for (const file of [...this.#files(), ...this.#files(ASIDE)]) {
      if ((key === null || file.key === key) && isFree(file)) rmSync(file.path, { force: true });
    }
    for (const name of this.#names()) {
      const isMeant = name.endsWith(DAMAGED) && (key === null || name.startsWith(key));
      if (isMeant) rmSync(join(this.#folder, name), { force: true });
    }
  }

  /** Deletes files without a running window that were not written since then, and unfinished ones. */
  expire(before: number): void {
    for (const file of this.#files()) if (isFree(file)) this.#removeOlder(file.path, before);
    for (const name of this.#names()) {
      if (name.endsWith(ASIDE) || name.endsWith(DAMAGED)) this.#removeOlder(join(this.#folder, name), before);
    }
  }

  /** Everything saved of a conversation, and the file to continue; `merged` are the files whose lines it includes. */
  take(conversation: Conversation): { path: string; kept: KeptConversation[]; merged: string[] } {
    const claimed = this.claim(conversation);
    const taken = claimed.filter((file) => file.taken).map((file) => file.path);
    const [path = this.create(conversation), ...merged] = taken;
    return { path, kept: claimed.map(({ kept }) => kept), merged };
  }

  /**
   * Everything saved of all conversations but these, by conversation, because several windows may have saved the same
   * one.
   */
  async all(except: readonly Conversation[]): Promise<[KeptConversation, ...KeptConversation[]][]> {
    this.#renameFormer();
    const keys = new Set(except.map(keyOf));
    const all = new Map<string, [KeptConversation, ...KeptConversation[]]>();
    for (const { path, key } of this.#files()) {
      if (keys.has(key)) continue;
      // A file that cannot be read was taken over or deleted by another window in the meantime.
      const kept = parseHistory(await readFile(path, "utf8").catch(() => ""));
      if (kept === null) continue;
      const sameConversation = all.get(key);
      if (sameConversation === undefined) all.set(key, [kept]);
      else sameConversation.push(kept);
    }
    return [...all.values()];
  }

  /** Earlier versions used a file per spelling of a server's URL: renames those once to the common name. */
  #renameFormer(): void {
    if (this.#isCanonical) return;
    this.#isCanonical = true;
    for (const file of this.#files()) {
      const conversation = conversationIn(file.path);
      if (conversation === null || !isFree(file)) continue;
      const path = this.#path({ ...file, key: keyOf(conversation), pid: 0 });
      try {
        if (path !== file.path) renameFileSync(file.path, path);
      } catch {
        // Another window was faster.
      }
    }
  }

  #files(ending = ""): Found[] {
    return this.#names().flatMap((name) => {
      if (!name.endsWith(ending)) return [];
      const {
        key,
        pid,
        host = null,
        mark,
      } = NAME.exec(name.slice(0, name.length - ending.length))?.groups ?? {};
      if (key === undefined || pid === undefined || mark === undefined) return [];
      return [{ path: join(this.#folder, name), key, pid: Number(pid), host, mark }];
    });
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder).sort();
    } catch {
      // There is no folder yet.
      return [];
    }
  }

  /** The path of a file owned by this process, or by no one: 0. */
  #path({ key, pid, mark }: Pick<Found, "key" | "pid" | "mark">): string {
    return join(this.#folder, `${key}.${pid === 0 ? 0 : `${pid}-${HOST}`}.${mark}.history`);
  }

  /**
   * Null if another window was faster. A file that is taken over always gets a new name, so that a previous writer,
   * even one with the same process id, no longer finds it.
   */
  #move(file: Found, pid: number): string | null {
    const path = this.#path({ ...file, pid, mark: pid === 0 ? file.mark : newMark() });
    try {
      if (path !== file.path) renameFileSync(file.path, path);
    } catch {
      return null;
    }
    held.delete(file.path);
    if (pid !== 0) held.add(path);
    return path;
  }

  #removeOlder(path: string, before: number): void {
    try {
      if (statSync(path).mtimeMs < before && !isNewer(read(path) ?? "")) rmSync(path, { force: true });
    } catch {
      // Another window was faster.
    }
  }
}

function keyOf({ server, identity, peer }: Conversation): string {
  const text = JSON.stringify([serverKey(server), identity, peer?.pin ?? null]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function newMark(): string {
  return randomBytes(6).toString("hex");
}

function isFree({ path, pid, host }: Found): boolean {
  if (pid === 0) return true;
  if (pid === process.pid && host === HOST) return !held.has(path);
  // Whether a process on another machine, in another container or before a reboot is running is known only from its
  // files.
  if (host !== null && host !== HOST) return !isFresh(path);
  if (host === null && pid === process.pid) return true;
  return !isAlive(pid) || ((host === null || !KNOWS_BOOT) && isOfFormerBoot(path));
}

/** After a reboot a running process with the same id is another one. */
function isOfFormerBoot(path: string): boolean {
  return (touchedAt(path) ?? Infinity) < bootedAt() - CLOCK_MS;
}

function isFresh(path: string): boolean {
  return Math.abs(Date.now() - (touchedAt(path) ?? 0)) < FRESH_MS;
}

function touchedAt(path: string): number | null {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
}

/** Null if it cannot be read: another window may have taken it over or deleted it. */
function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
