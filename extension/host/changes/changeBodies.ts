// The changes that messages bring: kept on this machine, fetched from the peer when the user wants them, and checked before use.
import * as v from "valibot";
import type { FileId, FilePart } from "../../../protocol/bulk.ts";
import { BaseTexts, ChangeSet } from "../../../protocol/changes.ts";
import { bodiesOf, bodyFile, type ChangesBody, type ChangesPart } from "../../../protocol/changesPart.ts";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { trueBases } from "../../core/changes/bases.ts";
import { isDeeperThan } from "../../core/changes/jsonDepth.ts";
import { isAsListed } from "../../core/changes/summary.ts";
import type { Session } from "../../core/model/session.ts";
import type { State } from "../../core/model/state.ts";
import { baseTag } from "../code/codeHashes.ts";
import type { PartKey, PartStore } from "../storage/partStore.ts";
import type { Store } from "../store/store.ts";
import { hashOf } from "../transfers/hashes.ts";
import { changesIn, goneChanges } from "./changesInSession.ts";

/** A message with changes. */
export type SentChanges = {
  readonly sid: SessionId;
  readonly pin: Pin;
  readonly part: ChangesPart;
  /** The user has sent it. */
  readonly own: boolean;
};

/** `gone`: the sender does not have them any more, or the session is over; `damaged`: they are not what the message says. */
export type Trouble = "gone" | "damaged";

type Options = {
  readonly store: Pick<Store, "state" | "onChange">;
  readonly parts: PartStore;
  /** Fetches a body into a folder. */
  readonly accept: (sid: SessionId, file: FilePart, folder: string) => Promise<void>;
  /** Ends what is on its way of a body, in either direction. */
  readonly cancel: (sid: SessionId, id: FileId) => void;
  /** Whether conversations are kept when they are over. */
  readonly keepsHistory: () => boolean;
  readonly report: (error: unknown) => void;
};

/** Levels of a body: a hunk is in the sixth. */
const DEPTH = 8;

export class ChangeBodies {
  readonly #options: Options;
  readonly #subscription: { dispose(): void };
  /** What is on its way, by its path. */
  readonly #fetching = new Map<string, Promise<Trouble | null>>();

  constructor(options: Options) {
    this.#options = options;
    this.#subscription = options.store.onChange((before, after) => {
      if (before.sessions !== after.sessions) this.#forgetGone(before, after).catch(options.report);
    });
  }

  /** Keeps a body of one's own, for peers who ask for it. */
  async keep(pin: Pin, id: FileId, body: ChangeSet | BaseTexts): Promise<ChangesBody> {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    await this.#options.parts.write({ pin, way: "out", id }, bytes);
    return { id, size: bytes.length, sha256: hashOf(bytes) };
  }

  /** The user's own body that a peer asks for. Null unless a message of this session brings it. */
  find(sid: SessionId, id: FileId): { readonly file: FilePart; readonly path: string } | null {
    const session = this.#options.store.state.sessions.find((each) => isOf(each, sid));
    if (session?.kind !== "peer") return null;
    const bodies = changesIn(session).flatMap(({ own, part }) => (own ? bodiesOf(part) : []));
    const body = bodies.find((each) => each.id === id);
    if (body === undefined) return null;
    return { file: bodyFile(body), path: this.#options.parts.path({ pin: session.pin, way: "out", id }) };
  }

  /** Resolves when the changes are here. */
  async changes(sent: SentChanges): Promise<Result<ChangeSet, Trouble>> {
    const body = await this.#body(sent, sent.part, ChangeSet);
    if (!body.ok) return body;
    return isAsListed(body.value, sent.part) ? body : err("damaged");
  }

  /** The files before the change, as far as the sender has sent them. */
  async bases(sent: SentChanges, set: ChangeSet): Promise<ReadonlyMap<string, string>> {
    const { bases } = sent.part;
    const body = bases === undefined ? err("gone") : await this.#body(sent, bases, BaseTexts);
    return body.ok ? trueBases(set, body.value, (text) => baseTag(set.salt, text)) : new Map();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #body<T>(
    { sid, pin, own }: SentChanges,
    { id, size, sha256 }: ChangesBody,
    schema: v.GenericSchema<unknown, T>,
  ): Promise<Result<T, Trouble>> {
    const { parts } = this.#options;
    const key = { pin, way: own ? "out" : "in", id } as const;
    const path = parts.path(key);
    const kept = await parts.read(key, size);
    if (kept !== null) return checked(kept, sha256, schema);
    if (own) return err("gone");
    // Another message has brought it with another size. What the user may have reviewed stays.
    if (await parts.has(key)) return err("damaged");
    const fetching = this.#fetching.get(path) ?? this.#fetch(sid, key, size);
    this.#fetching.set(path, fetching);
    const end = await fetching.finally(() => this.#fetching.delete(path));
    const bytes = end === null ? await parts.read(key, size) : null;
    return bytes === null ? err(end ?? "gone") : checked(bytes, sha256, schema);
  }

  async #fetch(sid: SessionId, key: PartKey, size: number): Promise<Trouble | null> {
    const { parts, accept, store } = this.#options;
    const session = store.state.sessions.find((each) => isOf(each, sid));
    if (session?.kind !== "peer" || session.link === "ended") return "gone";
    await accept(sid, bodyFile({ id: key.id, size }), await parts.makeFolder(key));
    const end = await this.#end(sid, key.id);
    await parts.prune();
    return end;
  }

  /** Resolves when a body has arrived (null), or never will. */
  #end(sid: SessionId, id: FileId): Promise<Trouble | null> {
    const { store } = this.#options;
    return new Promise((resolve) => {
      const look = (state: State): boolean => {
        const end = endOf(state, sid, id);
        if (end === "running") return false;
        resolve(end);
        return true;
      };
      if (look(store.state)) return;
      const subscription = store.onChange((_before, after) => {
        if (look(after)) subscription.dispose();
      });
    });
  }

  async #forgetGone(before: State, after: State): Promise<void> {
    const { parts, keepsHistory, cancel } = this.#options;
    for (const former of before.sessions) {
      if (former.kind !== "peer") continue;
      const { pin, sid } = former;
      const now = after.sessions.find((each) => isOf(each, sid));
      if (now?.kind === "peer") {
        for (const { part, own } of goneChanges(former, now))
          for (const { id } of bodiesOf(part)) {
            cancel(sid, id);
            await parts.remove({ pin, way: own ? "out" : "in", id });
          }
      } else if (!keepsHistory() && !after.sessions.some((each) => each.kind === "peer" && each.pin === pin))
        await parts.forget(pin);
    }
  }
}

function isOf(session: Session, sid: SessionId): boolean {
  return session.kind === "peer" && session.sid === sid;
}

function endOf({ transfers, sessions }: State, sid: SessionId, id: FileId): Trouble | null | "running" {
  const status = transfers.find((each) => each.sid === sid && each.id === id && each.way === "in");
  if (status === undefined || !sessions.some((each) => isOf(each, sid))) return "gone";
  const { phase } = status;
  if (phase.phase === "done") return null;
  if (phase.phase === "canceled") return "gone";
  if (phase.phase !== "failed") return "running";
  return phase.why === "gone" || phase.why === "canceled" || phase.why === "many" ? "gone" : "damaged";
}

/** What the user reviews is what the message has brought, and is applied: both are the bytes of this hash. */
function checked<T>(
  bytes: Uint8Array,
  sha256: ChangesBody["sha256"],
  schema: v.GenericSchema<unknown, T>,
): Result<T, Trouble> {
  if (hashOf(bytes) !== sha256 || isDeeperThan(DEPTH, bytes)) return err("damaged");
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const result = v.safeParse(schema, value, { abortEarly: true });
    return result.success ? ok(result.output) : err("damaged");
  } catch {
    return err("damaged");
  }
}
