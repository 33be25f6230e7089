// What is known of each transfer, in a file beside its bytes, so that it goes on after a restart. A sidecar is replaced as a whole,
// unless blocks were verified and nothing else has changed: then their hashes are appended to its log.
import { readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as v from "valibot";
import { blockCount, FilePart, RUNNING_TRANSFERS, type FileId, type Sha256 } from "../../../protocol/bulk.ts";
import { Pin, SessionId } from "../../../protocol/fields.ts";
import { ReceivingSnapshot } from "../../core/transfers/receivingState.ts";
import { OfferSnapshot } from "../../core/transfers/sendingState.ts";
import { renameFile } from "../storage/renameFile.ts";
import { HashLog, newMark, readHashLog } from "./hashLog.ts";
import { COPY, INCOMING, LOG, makeFolder, OUTGOING, PART, transferPath } from "./places.ts";

/** Milliseconds after which a transfer that nothing has happened to is deleted. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** A sidecar and what goes with it belong to one session with one key. `log`: the mark of its log. */
const owner = { sid: SessionId, pin: Pin, log: v.optional(v.string(), "") };

export const IncomingRecord = v.object({
  ...owner,
  offer: FilePart,
  snapshot: ReceivingSnapshot,
  /** Where the user wants the file; null before. */
  folder: v.nullable(v.string()),
  /** Where it is; null until it is there. */
  delivered: v.nullable(v.string()),
  /** The machine, since its last start: what another one wrote may not be on the disk. */
  host: v.string(),
});
export type IncomingRecord = Omit<v.InferOutput<typeof IncomingRecord>, "log">;

export const OutgoingRecord = v.object({
  ...owner,
  offer: FilePart,
  snapshot: OfferSnapshot,
  /** Of the user's file. */
  path: v.string(),
});
export type OutgoingRecord = Omit<v.InferOutput<typeof OutgoingRecord>, "log">;

type Owner = Pick<IncomingRecord, "sid" | "pin">;

/** What all sidecars have. */
type Logged = Owner & {
  readonly offer: FilePart;
  readonly log: string;
  readonly snapshot: { readonly hashes: Sha256[] };
};

/** A sidecar as it was saved: all of it except the hashes, as text, and those with its log. */
type Saved = { readonly rest: string; readonly log: HashLog };

/** Sidecars that blocks can be appended to. The others are replaced as a whole. */
const MOST_LOGS = 2 * RUNNING_TRANSFERS;

export class Sidecars {
  readonly #folder: string;
  /** Each waits for the one before: an older state never replaces a newer one. */
  #queue: Promise<unknown> = Promise.resolve();
  #reserving: Promise<unknown> = Promise.resolve();
  /** By the path of the sidecar. */
  readonly #saved = new Map<string, Saved>();
  /** The folder is there. */
  #isMade = false;
  /** Bytes of files that come from now on, and whose sidecars do not say so yet. */
  readonly #reserved = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  partPath({ sid, offer }: Pick<IncomingRecord, "sid" | "offer">): string {
    return `${transferPath(this.#folder, sid, offer.id)}${PART}`;
  }

  /** Where a file that is not on this disk waits until it is sent. */
  copyPath(sid: SessionId, id: FileId): string {
    return `${transferPath(this.#folder, sid, id)}${COPY}`;
  }

  /** The offer is over: nothing reads the copy any more. */
  removeCopy({ sid, offer }: Pick<OutgoingRecord, "sid" | "offer">): Promise<void> {
    return rm(this.copyPath(sid, offer.id), { force: true });
  }

  async saveIncoming(record: IncomingRecord): Promise<void> {
    await this.#save(record, INCOMING);
    this.#reserved.delete(this.#nameOf(record));
  }

  saveOutgoing(record: OutgoingRecord): Promise<void> {
    return this.#save(record, OUTGOING);
  }

  /** The transfers of a session. Damaged sidecars, and those of another key, are left out. */
  async restoreIncoming(owner: Owner): Promise<IncomingRecord[]> {
    return this.#restore(owner, INCOMING, IncomingRecord);
  }

  async restoreOutgoing(owner: Owner): Promise<OutgoingRecord[]> {
    return this.#restore(owner, OUTGOING, OutgoingRecord);
  }

  /** Nothing is being sent or received: keeps no log open until there is something to append. */
  async rest(): Promise<void> {
    const closed = this.#queue.then(() =>
      Promise.all([...this.#saved.values()].map(({ log }) => log.close())),
    );
    this.#queue = closed.catch(() => undefined);
    await closed;
  }

  /** Deletes everything of a session. */
  async forget(owner: Owner): Promise<void> {
    for (const record of await this.restoreIncoming(owner)) await this.remove(record);
    for (const record of await this.restoreOutgoing(owner)) await this.#remove(record, OUTGOING, COPY);
  }

  /**
   * Deletes everything of the sessions with one key, or (null) of all.
   * @param except sessions that are still open
   */
  async clear(pin: Pin | null, except: ReadonlySet<SessionId>): Promise<void> {
    for (const [ending, schema] of [
      [INCOMING, IncomingRecord],
      [OUTGOING, OutgoingRecord],
    ] as const)
      for (const name of await this.#names(ending)) {
        const record = await readRecord<IncomingRecord | OutgoingRecord>(join(this.#folder, name), schema);
        if (record === null || (pin !== null && record.pin !== pin) || except.has(record.sid)) continue;
        await this.#remove(record, ...(ending === INCOMING ? [INCOMING, PART] : [OUTGOING, COPY]));
      }
  }

  /** Deletes what there is of a file that was coming. */
  remove(record: Pick<IncomingRecord, "sid" | "offer">): Promise<void> {
    this.#reserved.delete(this.#nameOf(record));
    return this.#remove(record, INCOMING, PART);
  }

  /**
   * Keeps room for a file, if `check` says that there is some beside the bytes of all others that come. One after the other,
   * so that two files do not both get what there is for one.
   */
  reserve<Reason>(
    record: Pick<IncomingRecord, "sid" | "offer">,
    check: (others: number) => Promise<Reason | null>,
  ): Promise<Reason | null> {
    const reserved = this.#reserving.then(async () => {
      const reason = await check(await this.#reservedBytes(record));
      if (reason === null) this.#reserved.set(this.#nameOf(record), record.offer.size);
      return reason;
    });
    this.#reserving = reserved.catch(() => undefined);
    return reserved;
  }

  /** Bytes that files on their way to this machine take or will take, except this one. */
  async #reservedBytes(except: Pick<IncomingRecord, "sid" | "offer">): Promise<number> {
    const sizes = new Map(this.#reserved);
    for (const name of await this.#names(INCOMING)) {
      const record = await readRecord(join(this.#folder, name), IncomingRecord);
      const { accepted, end } = record?.snapshot ?? { accepted: false, end: null };
      if (record !== null && accepted && (end === null || (end.how === "done" && record.delivered === null)))
        sizes.set(name, record.offer.size);
    }
    sizes.delete(this.#nameOf(except));
    return [...sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  #nameOf({ sid, offer }: Pick<IncomingRecord, "sid" | "offer">): string {
    return `${basename(transferPath(this.#folder, sid, offer.id))}${INCOMING}`;
  }

  /** Deletes what nothing has happened to for too long. */
  async expire(now: number): Promise<void> {
    for (const name of await this.#names("")) {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => null);
      if (found === null || now - found.mtimeMs <= KEPT_MS) continue;
      // The bytes of a paused file are as old as its sidecar is young, and the sidecar of a slow one as its log.
      const isKept =
        (await this.#hasYoung(name, [PART, INCOMING, `${INCOMING}${LOG}`], now)) ||
        (await this.#hasYoung(name, [COPY, OUTGOING, `${OUTGOING}${LOG}`], now));
      if (!isKept) await rm(path, { force: true });
    }
  }

  /** Whether this file belongs to one with another of these endings that something happened to not long ago. */
  async #hasYoung(
    name: string,
    [bytes, ...known]: readonly [string, ...string[]],
    now: number,
  ): Promise<boolean> {
    const ending = [bytes, ...known].find((each) => name.endsWith(each));
    if (ending === undefined) return false;
    for (const other of known) {
      const path = join(this.#folder, `${name.slice(0, -ending.length)}${other}`);
      const found = await stat(path).catch(() => null);
      if (found !== null && now - found.mtimeMs <= KEPT_MS) return true;
    }
    return false;
  }

  async #remove({ sid, offer }: Pick<IncomingRecord, "sid" | "offer">, ...endings: string[]): Promise<void> {
    const path = transferPath(this.#folder, sid, offer.id);
    await Promise.all(
      endings.map(async (ending) => {
        await this.#dropLog(`${path}${ending}`);
        await rm(`${path}${ending}`, { force: true });
      }),
    );
  }

  #save(record: IncomingRecord | OutgoingRecord, ending: string): Promise<void> {
    const path = `${transferPath(this.#folder, record.sid, record.offer.id)}${ending}`;
    const { hashes } = record.snapshot;
    const rest = JSON.stringify({ ...record, snapshot: { ...record.snapshot, hashes: [] } });
    const saved = this.#queue.then(async () => {
      const before = this.#saved.get(path);
      const isAppended = before?.rest === rest && (await before.log.add(hashes));
      if (!isAppended) await this.#replace(path, record, rest);
    });
    this.#queue = saved.catch(() => undefined);
    return saved;
  }

  async #replace(path: string, record: IncomingRecord | OutgoingRecord, rest: string): Promise<void> {
    const mark = newMark();
    const text = JSON.stringify({ ...record, log: mark });
    const aside = `${path}.new`;
    const write = (): Promise<void> => writeFile(aside, text, { mode: 0o600 });
    if (!this.#isMade) await makeFolder(this.#folder);
    this.#isMade = true;
    await write().catch(async () => {
      // Someone may have deleted the folder.
      await makeFolder(this.#folder);
      await write();
    });
    await renameFile(aside, path);
    await this.#dropLog(path);
    const log = new HashLog(`${path}${LOG}`, mark, record.snapshot.hashes);
    this.#saved.set(path, { rest, log });
    const [oldest] = this.#saved;
    if (oldest === undefined || this.#saved.size <= MOST_LOGS) return;
    this.#saved.delete(oldest[0]);
    await oldest[1].log.close();
  }

  async #dropLog(path: string): Promise<void> {
    const saved = this.#saved.get(path);
    this.#saved.delete(path);
    await saved?.log.close();
    await rm(`${path}${LOG}`, { force: true });
  }

  async #restore<Record extends Logged>(
    { sid, pin }: Owner,
    ending: string,
    schema: v.GenericSchema<unknown, Record>,
  ): Promise<Record[]> {
    const records: Record[] = [];
    for (const name of await this.#names(ending)) {
      const path = join(this.#folder, name);
      const record = await readRecord(path, schema);
      if (record?.sid !== sid || record.pin !== pin) continue;
      const { snapshot, offer, log } = record;
      const missing = blockCount(offer.size) - snapshot.hashes.length;
      snapshot.hashes.push(...(await readHashLog(`${path}${LOG}`, log)).slice(0, missing));
      records.push(record);
    }
    return records;
  }

  async #names(ending: string): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith(ending)).sort();
  }
}

/** Null if there is none, or a damaged one. */
async function readRecord<Record>(
  path: string,
  schema: v.GenericSchema<unknown, Record>,
): Promise<Record | null> {
  try {
    const read: unknown = JSON.parse(await readFile(path, "utf8"));
    const result = v.safeParse(schema, read);
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
