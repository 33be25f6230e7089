// The lobby's numbers and what it remembers of the last messages. Pure: no socket, clock or randomness. Used by
// the rendezvous.
import type { Epoch, LobbyAbout, MessageId, Pin } from "../protocol/fields.ts";

/** A message of the lobby in the form in which it went out. */
export type Said = {
  readonly seq: number;
  readonly at: number;
  readonly author: string;
  /** The key of its author, who alone can change it. */
  readonly pin: Pin;
  readonly about: LobbyAbout | undefined;
  readonly id: MessageId;
  readonly frame: Buffer;
};

/** The text of an edit after which there was another. */
const SUPERSEDED = "(edited)";

export type LobbyLimits = { readonly historyMessages: number; readonly historyBytes: number };

export class Lobby {
  readonly epoch: Epoch;
  readonly #limits: LobbyLimits;
  /** Oldest first; the numbers in it follow each other without a hole. */
  #history: Said[] = [];
  /** Where the history begins in the array: forgetting shifts the array only now and then. */
  #first = 0;
  #bytes = 0;
  readonly #byId = new Map<string, Said>();
  /** The newest edit that is remembered, by the number of what it edits. */
  readonly #lastEdits = new Map<number, number>();
  #seq = 0;

  constructor(epoch: Epoch, limits: LobbyLimits) {
    this.epoch = epoch;
    this.#limits = limits;
  }

  /** The number of the newest message, 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** The message that this author (a lineage) has said under this id already, while it is remembered. */
  find(author: string, id: MessageId): Said | undefined {
    return this.#byId.get(idKey(author, id));
  }

  /** The message of that number, while it is remembered. */
  get(seq: number): Said | undefined {
    const oldest = this.#history[this.#first]?.seq ?? Infinity;
    return seq < oldest ? undefined : this.#history[this.#first + seq - oldest];
  }

  /** Numbers a new message and remembers it. `encode` makes its frame, once it has a number. */
  say(
    { author, pin, id, about }: Pick<Said, "author" | "pin" | "id" | "about">,
    at: number,
    encode: (seq: number, at: number) => Buffer,
  ): Said {
    const seq = this.#seq + 1;
    const said = { seq, at, author, pin, id, about, frame: encode(seq, at) };
    this.#seq = seq;
    this.#history.push(said);
    this.#bytes += said.frame.length;
    this.#byId.set(idKey(author, id), said);
    if (about?.kind === "edit") this.#lastEdits.set(about.seq, seq);
    this.#forget();
    return said;
  }

  /**
   * Call before the message that edits or takes back number `seq`: whoever comes later is not to read its words any more.
   * @param retell a frame with another text in it; called for two frames at most, however often something was edited
   */
  retell(seq: number, text: string, retell: (frame: Buffer, text: string) => Buffer): void {
    const target = this.get(seq);
    if (target !== undefined) this.#replace({ ...target, frame: retell(target.frame, text) });
    const last = this.#lastEdits.get(seq);
    const edit = last === undefined ? undefined : this.get(last);
    if (edit !== undefined) this.#replace({ ...edit, frame: retell(edit.frame, SUPERSEDED) });
    this.#lastEdits.delete(seq);
    this.#forget();
  }

  /**
   * What somebody has missed who has seen everything up to `lastSeen.seq` in that epoch, oldest first. `gap` says
   * that there was more, which is no longer known: always so for another epoch, of which nothing is known, and
   * for numbers which were never given.
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

  /** The last messages, oldest first, for somebody who has seen none. */
  newest(count: number): Buffer[] {
    const start = Math.max(this.#first, this.#history.length - count);
    return count === 0 ? [] : this.#history.slice(start).map((said) => said.frame);
  }

  #replace(said: Said): void {
    const oldest = this.#history[this.#first]?.seq ?? Infinity;
    const at = this.#first + said.seq - oldest;
    this.#bytes += said.frame.length - (this.#history[at]?.frame.length ?? 0);
    this.#history[at] = said;
    this.#byId.set(idKey(said.author, said.id), said);
  }

  #forget(): void {
    while (
      this.#history.length - this.#first > this.#limits.historyMessages ||
      this.#bytes > this.#limits.historyBytes
    ) {
      const oldest = this.#history[this.#first];
      if (oldest === undefined) return;
      this.#first += 1;
      this.#bytes -= oldest.frame.length;
      this.#byId.delete(idKey(oldest.author, oldest.id));
      const { about, seq } = oldest;
      if (about?.kind === "edit" && this.#lastEdits.get(about.seq) === seq) this.#lastEdits.delete(about.seq);
    }
    if (this.#first > this.#limits.historyMessages) {
      this.#history = this.#history.slice(this.#first);
      this.#first = 0;
    }
  }
}

function idKey(author: string, id: MessageId): string {
  // Neither part can hold a blank.
  return `${author} ${id}`;
}
