// The lines of code in a composer, which the host holds: what was sent or removed is gone from the page at once.
import { signal } from "@preact/signals";
import { utf8Length } from "../../protocol/codec.ts";
import { readableFrom } from "../../protocol/codeText.ts";
import type { DraftAbout, SessionNumber, SessionView } from "../../protocol/webview.ts";
import { type Chunks, entryAt } from "./chunks.ts";
import type { Host } from "./host.ts";

export class AttachedCode {
  readonly host: Host;
  /** What was sent or removed last: the host may still show it for a moment. */
  readonly #detached = signal<string | null>(null);

  constructor(host: Host) {
    this.host = host;
  }

  of({ attached }: SessionView): SessionView["attached"] {
    return attached?.id === this.#detached.value ? undefined : attached;
  }

  remove(session: SessionNumber, id: string): void {
    this.sent(id);
    this.host.post({ type: "detach", session });
  }

  sent(id: string | undefined): void {
    if (id !== undefined) this.#detached.value = id;
  }

  /** Lines that were not sent are still in the host's composer. */
  putBack(id: string | undefined): void {
    if (id !== undefined && id === this.#detached.peek()) this.#detached.value = null;
  }
}

/** UTF-8 bytes of the code or the changes in the message that is edited, which stays as it is. */
export function codeBytes(log: Chunks | undefined, about: DraftAbout | undefined): number {
  const entry = about?.kind !== "edit" || log === undefined ? undefined : entryAt(log, about.index);
  const from = entry?.kind === "message" ? readableFrom(entry) : null;
  return entry?.kind !== "message" || from === null ? 0 : utf8Length(entry.text.slice(from));
}
