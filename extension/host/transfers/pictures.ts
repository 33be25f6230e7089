// Pictures in conversations: which are taken without asking, which are kept to be shown, and when they go.
import type { FileId, FilePart } from "../../../protocol/bulk.ts";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { TokenBucket } from "../../../protocol/tokenBucket.ts";
import type { Entry, KeptFile } from "../../../protocol/webview.ts";
import type { Conversation } from "../../core/model/conversation.ts";
import type { PeerSession, Session } from "../../core/model/session.ts";
import type { State } from "../../core/model/state.ts";
import { changesSince, entryAt, indexOfFile } from "../../core/model/transcript.ts";
import { isFamiliar } from "../../core/people/people.ts";
import { conversationOf } from "../../core/saved/history.ts";
import type { Store } from "../store/store.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { isNamedPicture, type KeptFiles } from "./keptFiles.ts";

/** Bytes of a picture that is taken without asking. */
const UNASKED_BYTES = 1024 * 1024;

/** Pixels of one that is shown then: those of a camera. Few bytes can hold many more. */
const UNASKED_PIXELS = 12_000_000;

/** Pictures of one person that are taken without asking, at once and then a second. Others wait for an answer, as any file. */
const UNASKED_BURST = 64;
const UNASKED_PER_SECOND = 1 / 60;

/** Milliseconds between two looks for what has expired. */
const EXPIRY_MS = 3_600_000;

type Options = {
  readonly store: Pick<Store, "state" | "dispatch">;
  readonly kept: KeptFiles;
  readonly settings: () => { readonly autoAcceptPictures: boolean; readonly days: number };
  /** What other running windows show. */
  readonly conversationsElsewhere: () => readonly Conversation[];
  /** Milliseconds of a clock that only grows. */
  readonly now?: () => number;
};

export class Pictures {
  readonly #options: Options;
  readonly #timer: NodeJS.Timeout;
  /** Of those who have sent some, by key; those who did so last are last. */
  readonly #budgets = new Map<Pin, TokenBucket>();
  /** Own pictures that are being copied. */
  readonly #copying = new Set<FileId>();
  #work: Promise<void> = Promise.resolve();
  #isExpiring = false;

  constructor(options: Options) {
    this.#options = options;
    if (options.settings().days === 0) this.forget(null);
    this.#expire();
    this.#timer = setInterval(() => this.#expire(), EXPIRY_MS).unref();
  }

  /** Where an offered file goes that is taken without asking, now; null if the user has to say. */
  unaskedFolder(sid: SessionId, part: FilePart): string | null {
    const { store, kept, settings } = this.#options;
    const session = this.#session(sid);
    const isWanted = part.size <= UNASKED_BYTES && isNamedPicture(part.name) && settings().autoAcceptPictures;
    if (!isWanted || session === undefined || !isFamiliar(store.state, session)) return null;
    const conversation = this.#conversation(session);
    if (conversation === null || !this.#mayTake(session.pin)) return null;
    return kept.folderOf(conversation, part.id, false);
  }

  /** A file has come, and is at this path. */
  async delivered(sid: SessionId, part: FilePart, path: string): Promise<void> {
    const { store, kept } = this.#options;
    const taken = await kept.describe(path);
    const found = taken === null ? await this.#keep(sid, part, false, path) : unasked(taken);
    if (found === null) return;
    store.dispatch({ type: "file/kept", sid, id: part.id, own: false, kept: found });
    if (!this.#isReferenced(sid, part.id, false)) await kept.remove(found);
    this.#expire();
  }

  /** The user has offered a file: its message is there, or waits. */
  async offered(sid: SessionId, part: FilePart, path: string): Promise<void> {
    const { id } = part;
    this.#copying.add(id);
    const kept = await this.#keep(sid, part, true, path).finally(() => this.#copying.delete(id));
    if (kept === null) return;
    const session = this.#session(sid);
    if (session === undefined || !hasOwnFile(session, id)) await this.#options.kept.remove(kept);
    else if (this.#isReferenced(sid, id, true)) this.#showOwn(sid, id, kept);
    this.#expire();
  }

  /** The user has put a copy into a folder of theirs. What cannot be shown has no other use here. */
  saved({ sid }: PeerSession, { id }: FilePart, { path, picture }: KeptFile): void {
    const kept = picture === undefined ? null : { path, picture };
    this.#options.store.dispatch({ type: "file/kept", sid, id, own: false, kept });
  }

  /** The user does not want what came without asking. */
  declined({ sid }: PeerSession, { id }: FilePart, { path }: KeptFile): void {
    const kept = { path, declined: true } as const;
    this.#options.store.dispatch({ type: "file/kept", sid, id, own: false, kept });
  }

  /** Shows own pictures whose messages have arrived, and deletes what no message refers to any more. */
  watch(before: State, after: State): void {
    const now = new Map<number, Session>(after.sessions.map((each) => [each.number, each]));
    for (const former of before.sessions) {
      const session = now.get(former.number);
      if (former === session) continue;
      if (session !== undefined && former.transcript !== session.transcript) this.#follow(former, session);
      if (former.kind === "peer" && former.pending !== session?.pending)
        this.#dropDiscarded(before, former, session);
    }
  }

  /** Deletes those of one conversation, or (null) all, except what other windows show. */
  forget(conversation: Conversation | null): void {
    const { kept, conversationsElsewhere } = this.#options;
    this.#later(() => kept.forget(conversation, conversationsElsewhere()));
  }

  /** Resolves when what has been asked for is deleted. */
  settled(): Promise<void> {
    return this.#work;
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  /** One after the other, so that nothing is looked at that is being deleted. */
  #later(work: () => Promise<void>): void {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    logFailure(done);
  }

  #follow(former: Session, session: Session): void {
    const changes = changesSince(former.transcript, session.transcript);
    for (const { index, entry } of changes?.amended ?? []) {
      const old = entryAt(former.transcript, index);
      const lost = old?.kind === "message" ? old.kept : undefined;
      if (lost !== undefined && !isKept(entry, lost)) this.#later(() => this.#options.kept.remove(lost));
    }
    for (const entry of changes?.added ?? [])
      if (session.kind === "peer" && entry.kind === "message" && entry.own && entry.part?.kind === "file")
        this.#arrived(session, entry.part.id);
  }

  /** The message of an own file is acknowledged: perhaps it was offered before a reload. */
  #arrived(session: PeerSession, id: FileId): void {
    const conversation = this.#conversation(session);
    if (conversation === null || this.#copying.has(id)) return;
    const { kept } = this.#options;
    this.#later(async () => {
      const found = await kept.find(kept.folderOf(conversation, id, true));
      if (found !== null) this.#showOwn(session.sid, id, found);
    });
  }

  /** Messages that were not sent: the user has discarded them, or left the session. */
  #dropDiscarded({ me }: State, former: PeerSession, session: Session | undefined): void {
    const { kept } = this.#options;
    for (const { part } of former.pending) {
      if (me === null || part?.kind !== "file") continue;
      if (session?.kind === "peer" && hasOwnFile(session, part.id)) continue;
      const folder = kept.folderOf(conversationOf(me, former), part.id, true);
      this.#later(() => kept.removeFolder(folder));
    }
  }

  #showOwn(sid: SessionId, id: FileId, kept: KeptFile): void {
    this.#options.store.dispatch({ type: "file/kept", sid, id, own: true, kept });
  }

  async #keep(sid: SessionId, part: FilePart, own: boolean, path: string): Promise<KeptFile | null> {
    const { kept } = this.#options;
    const session = this.#session(sid);
    const conversation = session === undefined ? null : this.#conversation(session);
    if (conversation === null) return null;
    return kept.keepPicture(kept.folderOf(conversation, part.id, own), part.name, path);
  }

  #mayTake(pin: Pin): boolean {
    const now = this.#options.now?.() ?? performance.now();
    const budget = this.#budgets.get(pin) ?? new TokenBucket(UNASKED_PER_SECOND, UNASKED_BURST, now);
    this.#budgets.delete(pin);
    this.#budgets.set(pin, budget);
    const [oldest] = this.#budgets.keys();
    if (this.#budgets.size > limits.knownPeers && oldest !== undefined) this.#budgets.delete(oldest);
    return budget.take(now) === 0;
  }

  #isReferenced(sid: SessionId, id: FileId, own: boolean): boolean {
    const session = this.#session(sid);
    return session !== undefined && indexOfFile(session.transcript, id, own) !== null;
  }

  #session(sid: SessionId): PeerSession | undefined {
    return this.#options.store.state.sessions.find(
      (each): each is PeerSession => each.kind === "peer" && each.sid === sid,
    );
  }

  #conversation(session: PeerSession): Conversation | null {
    const { me } = this.#options.store.state;
    return me === null ? null : conversationOf(me, session);
  }

  #expire(): void {
    // All files are looked at: that is not done twice in a row.
    if (this.#isExpiring) return;
    this.#isExpiring = true;
    const { kept, settings } = this.#options;
    const { days } = settings();
    // With 0 days they are deleted at the start of a window: until then, the conversation that is open shows them.
    this.#later(() => {
      this.#isExpiring = false;
      return kept.expire({ days: days === 0 ? 1 : days }, Date.now());
    });
  }
}

function isKept(entry: Entry, { path }: KeptFile): boolean {
  return entry.kind === "message" && entry.kept?.path === path && entry.kept.declined === undefined;
}

/** Whether a message, sent or not, offers this file of the user's. */
function hasOwnFile({ pending, transcript }: PeerSession, id: FileId): boolean {
  const waits = pending.some(({ part }) => part?.kind === "file" && part.id === id);
  return waits || indexOfFile(transcript, id, true) !== null;
}

/** What there is to say of a picture that came without asking. */
function unasked({ path, picture }: KeptFile): KeptFile {
  const isShown = picture !== undefined && picture.width * picture.height <= UNASKED_PIXELS;
  return { path, ...(isShown ? { picture } : {}), unsaved: true };
}
