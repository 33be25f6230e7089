// Numbers the lobby's messages and remembers the last ones. Pure: no socket, clock or randomness.
import type { Epoch, LobbyAbout, MessageId, Pin } from "../../protocol/fields.ts";
import type { MessageContent } from "../../protocol/messageContent.ts";
import { MessageAuthors } from "./messageAuthors.ts";
import { SaidIds, type Place, type SaidIdLimits, type SaidIdsSnapshot } from "./saidIds.ts";
import type { Keeper } from "../budgets/weights.ts";

/** A lobby message as it was sent. */
export type Said = {
  readonly seq: number;
  readonly about: LobbyAbout | undefined;
  readonly frame: Buffer;
};

/** The content of an edit that a later one has replaced. */
const SUPERSEDED: MessageContent = { text: "(edited)" };

export type LobbyLimits = SaidIdLimits & {
  readonly historyMessages: number;
  readonly historyChanges: number;
  readonly historyBytes: number;
  readonly authors: number;
};

/** Everything, as plain data. Frames are in base64. */
export type LobbySnapshot = {
  readonly seq: number;
  /** The remembered messages, of which the newest has the last number. */
  readonly history: readonly { readonly about: LobbyAbout | null; readonly frame: string }[];
  readonly lastEdits: readonly (readonly [seq: number, edit: number])[];
  readonly authors: readonly (Pin | null)[];
  readonly ids: SaidIdsSnapshot;
};

export class Lobby {
  readonly epoch: Epoch;
  readonly #limits: LobbyLimits;
  /** Oldest first, numbered without gaps. */
  #history: Said[] = [];
  /** Where the history starts in the array, which is shifted only occasionally. */
  #first = 0;
  #bytes = 0;
  /** Number of remembered messages that only change others. */
  #changes = 0;
  readonly #authors: MessageAuthors;
  readonly #ids: SaidIds;
  /** The newest remembered edit, by the number of the edited message. */
  readonly #lastEdits: Map<number, number>;
  #seq: number;

  constructor(epoch: Epoch, limits: LobbyLimits, snapshot?: LobbySnapshot) {
    this.epoch = epoch;
    this.#limits = limits;
    this.#seq = snapshot?.seq ?? 0;
    this.#authors = new MessageAuthors(limits.authors, snapshot?.authors, this.#seq);
    this.#ids = new SaidIds(limits, snapshot?.ids);
    this.#lastEdits = new Map(snapshot?.lastEdits);
    const { history = [] } = snapshot ?? {};
    const first = this.#seq - history.length + 1;
    for (const [n, { about, frame }] of history.entries()) {
      this.#keep({ seq: first + n, about: about ?? undefined, frame: Buffer.from(frame, "base64") });
    }
  }

  snapshot(): LobbySnapshot {
    return {
      seq: this.#seq,
      history: this.#history
        .slice(this.#first)
        .map(({ about = null, frame }) => ({ about, frame: frame.toString("base64") })),
      lastEdits: [...this.#lastEdits],
      authors: this.#authors.entries(),
      ids: this.#ids.snapshot(),
    };
  }

  /** The number of the newest message, 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** Number and time of an author's (a lineage's) message with this ID, while that is remembered. */
  find(author: string, id: MessageId): Place | undefined {
    return this.#ids.find(author, id);
  }

  /** The key of a message's author, known for longer than the message. Undefined for changes and retracted messages. */
  authorOf(seq: number): Pin | undefined {
    return this.#authors.of(seq);
  }

  /** Numbers and remembers a new message. `encode` makes its frame with the number. */
  say(
    {
      author,
      owner,
      id,
      about,
    }: Pick<Said, "about"> & {
      readonly author: string;
      readonly owner: Keeper;
      readonly id: MessageId;
    },
    at: number,
    encode: (seq: number, at: number) => Buffer,
  ): Said & Place {
    const seq = this.#seq + 1;
    const said: Said = { seq, about, frame: encode(seq, at) };
    this.#seq = seq;
    this.#keep(said);
    if (about?.kind === "retract") this.#authors.forget(about.seq);
    this.#authors.add(seq, isChange(said) ? null : owner.pin);
    this.#ids.add(author, id, { seq, at }, owner);
    if (about?.kind === "edit") this.#lastEdits.set(about.seq, seq);
    this.#forget();
    return { ...said, at };
  }

  /**
   * Call before the message that edits or retracts number `seq`: newcomers must no longer get the original text.
   * @param retell makes a frame with other content; called for two frames at most, however often the message was edited
   */
  retell(
    seq: number,
    content: MessageContent,
    retell: (frame: Buffer, content: MessageContent) => Buffer,
  ): void {
    const target = this.#get(seq);
    if (target !== undefined) this.#replace({ ...target, frame: retell(target.frame, content) });
    const last = this.#lastEdits.get(seq);
    const edit = last === undefined ? undefined : this.#get(last);
    if (edit !== undefined) this.#replace({ ...edit, frame: retell(edit.frame, SUPERSEDED) });
    this.#lastEdits.delete(seq);
    this.#forget();
  }

  /**
   * The messages for someone who joins. Clients may claim anything about what they have seen, so no one gets more than a
   * newcomer does (this many messages), or than was said since they first joined (after this number).
   */
  missed(
    lastSeen: { epoch: Epoch; seq: number } | undefined,
    cameAt: number | undefined,
    newcomerMessages: number,
  ): { frames: Buffer[]; gap: boolean } {
    const newest = this.newest(newcomerMessages);
    if (lastSeen === undefined) return { frames: newest, gap: false };
    const since = cameAt === undefined ? [] : this.since({ epoch: this.epoch, seq: cameAt }).frames;
    const allowed = since.length > newest.length ? since : newest;
    const missed = this.since(lastSeen);
    return missed.frames.length <= allowed.length ? missed : { frames: allowed, gap: true };
  }

  /**
   * What someone missed who has seen everything up to `lastSeen.seq` in that epoch, oldest first. `gap`: there was more,
   * which is no longer known. Always so for another epoch and for numbers that were never given.
   */
  since(lastSeen: { epoch: Epoch; seq: number }): { frames: Buffer[]; gap: boolean } {
    const known = lastSeen.epoch === this.epoch && lastSeen.seq <= this.#seq;
    const after = known ? lastSeen.seq : 0;
    const oldest = this.#history[this.#first]?.seq ?? this.#seq + 1;
    const start = this.#first + Math.max(0, after + 1 - oldest);
    return {
      frames: this.#history.slice(start).map((said) => said.frame),
      gap: !known || after + 1 < oldest,
    };
  }

  /** The last messages, at most this many, and their changes since the first of them; oldest first. */
  newest(count: number): Buffer[] {
    let start = this.#history.length;
    for (let at = start - 1, left = count; at >= this.#first && left > 0; at--) {
      const said = this.#history[at];
      if (said === undefined || isChange(said)) continue;
      start = at;
      left -= 1;
    }
    return this.#history.slice(start).map((said) => said.frame);
  }

  #keep(said: Said): void {
    this.#history.push(said);
    this.#bytes += said.frame.length;
    if (isChange(said)) this.#changes += 1;
  }

  #get(seq: number): Said | undefined {
    const oldest = this.#history[this.#first]?.seq ?? Infinity;
    return seq < oldest ? undefined : this.#history[this.#first + seq - oldest];
  }

  #replace(said: Said): void {
    const oldest = this.#history[this.#first]?.seq ?? Infinity;
    const at = this.#first + said.seq - oldest;
    this.#bytes += said.frame.length - (this.#history[at]?.frame.length ?? 0);
    this.#history[at] = said;
  }

  #forget(): void {
    const { historyMessages, historyChanges, historyBytes } = this.#limits;
    while (
      this.#history.length - this.#first - this.#changes > historyMessages ||
      this.#changes > historyChanges ||
      this.#bytes > historyBytes
    ) {
      const oldest = this.#history[this.#first];
      if (oldest === undefined) return;
      this.#first += 1;
      this.#bytes -= oldest.frame.length;
      if (isChange(oldest)) this.#changes -= 1;
      const { about, seq } = oldest;
      if (about?.kind === "edit" && this.#lastEdits.get(about.seq) === seq) this.#lastEdits.delete(about.seq);
    }
    if (this.#first > historyMessages) {
      this.#history = this.#history.slice(this.#first);
      this.#first = 0;
    }
  }
}

/** Changes of other messages are not lines of the conversation. */
export function isChange({ about }: { readonly about?: LobbyAbout | undefined }): boolean {
  return about !== undefined && about.kind !== "reply";
}
