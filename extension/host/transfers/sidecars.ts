// What is known of each transfer, in a file beside its bytes, so that it goes on after a restart. A sidecar is replaced as a whole.
import { readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as v from "valibot";
import { FilePart } from "../../../protocol/bulk.ts";
import { Pin, SessionId } from "../../../protocol/fields.ts";
import { ReceivingSnapshot } from "../../core/transfers/receivingState.ts";
import { OfferSnapshot } from "../../core/transfers/sendingState.ts";
import { INCOMING, makeFolder, OUTGOING, PART, transferPath } from "./places.ts";

/** Milliseconds after which a transfer that nothing has happened to is deleted. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** A sidecar and what goes with it belong to one session with one key. */
const owner = { sid: SessionId, pin: Pin };

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
export type IncomingRecord = v.InferOutput<typeof IncomingRecord>;

export const OutgoingRecord = v.object({
  ...owner,
  offer: FilePart,
  snapshot: OfferSnapshot,
  /** Of the user's file. */
  path: v.string(),
});
export type OutgoingRecord = v.InferOutput<typeof OutgoingRecord>;

type Owner = Pick<IncomingRecord, "sid" | "pin">;

export class Sidecars {
  readonly #folder: string;
  /** Each waits for the one before: an older state never replaces a newer one. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  partPath({ sid, offer }: Pick<IncomingRecord, "sid" | "offer">): string {
    return `${transferPath(this.#folder, sid, offer.id)}${PART}`;
  }

  saveIncoming(record: IncomingRecord): Promise<void> {
    return this.#save(record, INCOMING);
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

  /** Deletes everything of a session. */
  async forget(owner: Owner): Promise<void> {
    for (const record of await this.restoreIncoming(owner)) await this.remove(record);
    for (const record of await this.restoreOutgoing(owner)) await this.#remove(record, OUTGOING);
  }

  /** Deletes what there is of a file that was coming. */
  remove(record: Pick<IncomingRecord, "sid" | "offer">): Promise<void> {
    return this.#remove(record, INCOMING, PART);
  }

  /** Bytes that files on their way to this machine take or will take, except this one. */
  async reservedBytes(except: Pick<IncomingRecord, "sid" | "offer">): Promise<number> {
    const own = basename(transferPath(this.#folder, except.sid, except.offer.id));
    let sum = 0;
    for (const name of await this.#names(INCOMING)) {
      if (name === `${own}${INCOMING}`) continue;
      const record = await readRecord(join(this.#folder, name), IncomingRecord);
      const { accepted, end } = record?.snapshot ?? { accepted: false, end: null };
      if (record !== null && accepted && (end === null || (end.how === "done" && record.delivered === null)))
        sum += record.offer.size;
    }
    return sum;
  }

  /** Deletes what nothing has happened to for too long. */
  async expire(now: number): Promise<void> {
    for (const name of await this.#names("")) {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => null);
      if (found === null || now - found.mtimeMs <= KEPT_MS) continue;
      // The bytes of a paused file are as old as its sidecar is young.
      const isKept = name.endsWith(PART) && (await this.#isYoung(name, now));
      if (!isKept) await rm(path, { force: true });
    }
  }

  async #isYoung(part: string, now: number): Promise<boolean> {
    const sidecar = join(this.#folder, `${part.slice(0, -PART.length)}${INCOMING}`);
    const found = await stat(sidecar).catch(() => null);
    return found !== null && now - found.mtimeMs <= KEPT_MS;
  }

  async #remove({ sid, offer }: Pick<IncomingRecord, "sid" | "offer">, ...endings: string[]): Promise<void> {
    const path = transferPath(this.#folder, sid, offer.id);
    await Promise.all(endings.map((ending) => rm(`${path}${ending}`, { force: true })));
  }

  #save(record: IncomingRecord | OutgoingRecord, ending: string): Promise<void> {
    const path = `${transferPath(this.#folder, record.sid, record.offer.id)}${ending}`;
    const text = JSON.stringify(record);
    const saved = this.#queue.then(async () => {
      await makeFolder(this.#folder);
      const aside = `${path}.new`;
      await writeFile(aside, text, { mode: 0o600 });
      await rename(aside, path);
    });
    this.#queue = saved.catch(() => undefined);
    return saved;
  }

  async #restore<Record extends Owner>(
    { sid, pin }: Owner,
    ending: string,
    schema: v.GenericSchema<unknown, Record>,
  ): Promise<Record[]> {
    const records: Record[] = [];
    for (const name of await this.#names(ending)) {
      const record = await readRecord(join(this.#folder, name), schema);
      if (record?.sid === sid && record.pin === pin) records.push(record);
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
