// The links of the model: pairs of queues in which frames wait until they are delivered, lost, duplicated or swapped.
import type { CoreEvent } from "../../extension/core/model/events.ts";
import type { LinkEnd } from "../../extension/core/model/ports.ts";
import type { Pin } from "../../protocol/fields.ts";
import type { PeerMessage } from "../../protocol/peer.ts";
import type { Side } from "./resumeCast.ts";

type End = { readonly id: string; open: boolean };
type Item = { readonly frame: PeerMessage } | { readonly end: LinkEnd };
export type ModelLink = {
  readonly ends: [End | null, End | null];
  /** Indexed by the receiving side. */
  readonly queues: [Item[], Item[]];
  /** Nothing arrives anymore, and no one knows. */
  swallows: boolean;
  /** A frame was lost on it. */
  isDamaged: boolean;
};

type Dial = {
  readonly side: Side;
  readonly id: string;
  readonly own: Pin;
  readonly peer: Pin;
  expected: () => boolean;
};

const other = (side: Side): Side => (side === 0 ? 1 : 0);
const lost: LinkEnd = { kind: "lost", code: 1006, text: "the connection was lost" };

export class ResumeLinks {
  dials: Dial[] = [];
  links: ModelLink[] = [];
  readonly #tell: (side: Side, event: CoreEvent) => void;
  #come = 0;

  constructor(tell: (side: Side, event: CoreEvent) => void) {
    this.#tell = tell;
  }

  get isBusy(): boolean {
    return this.dials.length > 0 || this.links.some(({ queues }) => queues.some((queue) => queue.length > 0));
  }

  areEnds(a: string, b: string): boolean {
    return this.links.some(
      ({ ends }) => ends[0]?.open === true && ends[1]?.open === true && ends[0].id === a && ends[1].id === b,
    );
  }

  dial(side: Side, id: string, own: Pin, peer: Pin, expected: () => boolean): void {
    this.dials.push({ side, id, own, peer, expected });
  }

  /** A dial ends: with a link, or without. */
  connect(dial: Dial, works: boolean): void {
    this.dials = this.dials.filter((each) => each !== dial);
    if (!works || !dial.expected()) {
      this.#tell(dial.side, { type: "link/failed", link: dial.id, text: "nobody answers", ways: [] });
      return;
    }
    const ends: ModelLink["ends"] = [null, null];
    const come = `i${++this.#come}`;
    ends[dial.side] = { id: dial.id, open: true };
    ends[other(dial.side)] = { id: come, open: true };
    this.links.push({ ends, queues: [[], []], swallows: false, isDamaged: false });
    const path = "direct";
    const peer = other(dial.side);
    this.#tell(peer, {
      type: "link/connected",
      link: come,
      role: "listener",
      pin: dial.own,
      ownPin: dial.peer,
      path,
      ways: [],
    });
    this.#tell(dial.side, {
      type: "link/connected",
      link: dial.id,
      role: "dialler",
      pin: dial.peer,
      ownPin: dial.own,
      path,
      ways: [],
    });
  }

  send(side: Side, id: string, frame: PeerMessage): void {
    const link = this.#of(side, id);
    if (link?.ends[side]?.open === true && !link.swallows) link.queues[other(side)].push({ frame });
  }

  close(side: Side, id: string, code: number): void {
    this.dials = this.dials.filter((dial) => dial.side !== side || dial.id !== id);
    const link = this.#of(side, id);
    const end = link?.ends[side];
    if (link === undefined || end?.open !== true) return;
    end.open = false;
    link.queues[side].length = 0;
    if (!link.swallows) link.queues[other(side)].push({ end: { kind: "closed", code, text: "closed" } });
  }

  /** Delivers the next frame for a side. */
  deliver(link: ModelLink, side: Side): void {
    const item = link.queues[side].shift();
    const end = link.ends[side];
    if (item === undefined || end?.open !== true) return;
    if ("frame" in item) {
      this.#tell(side, { type: "link/frame", link: end.id, frame: item.frame });
    } else {
      end.open = false;
      this.#tell(side, { type: "link/closed", link: end.id, end: item.end });
    }
  }

  /** TCP can only lose a frame together with all that follow: sooner or later the link is found dead. */
  lose(link: ModelLink, side: Side): void {
    if (!("frame" in (link.queues[side][0] ?? {}))) return;
    link.queues[side].shift();
    link.isDamaged = true;
  }

  double(link: ModelLink, side: Side): void {
    const [item] = link.queues[side];
    if (item !== undefined && "frame" in item && item.frame.type !== "hello") link.queues[side].unshift(item);
  }

  swap(link: ModelLink, side: Side): void {
    const [first, second] = link.queues[side];
    if (first === undefined || second === undefined || !("frame" in first) || !("frame" in second)) return;
    if (first.frame.type !== "hello") link.queues[side].splice(0, 2, second, first);
  }

  /** One end notices the cut at once, the other when its queue gets there. */
  cut(link: ModelLink, firstSide: Side): void {
    for (const side of [firstSide, other(firstSide)]) {
      const end = link.ends[side];
      if (end?.open !== true) continue;
      if (side === firstSide) {
        link.queues[side].length = 0;
        end.open = false;
        this.#tell(side, { type: "link/closed", link: end.id, end: lost });
      } else link.queues[side].push({ end: lost });
    }
  }

  /** A window has died, and its ends with it. */
  die(side: Side): void {
    this.dials = this.dials.filter((dial) => dial.side !== side);
    for (const link of this.links) {
      const end = link.ends[side];
      if (end?.open !== true) continue;
      end.open = false;
      link.queues[side].length = 0;
      link.queues[other(side)].push({ end: lost });
    }
  }

  /** Detects links that swallow frames, and those whose other end is closed. */
  silence(): void {
    for (const link of [...this.links]) {
      for (const side of [0, 1] as const) {
        const end = link.ends[side];
        if (
          end?.open !== true ||
          (!link.swallows && !link.isDamaged && link.ends[other(side)]?.open === true)
        )
          continue;
        end.open = false;
        this.#tell(side, { type: "link/closed", link: end.id, end: lost });
      }
    }
    this.forget();
  }

  settle(): void {
    for (let round = 0; this.isBusy && round < 10_000; round++) {
      for (const dial of [...this.dials]) if (this.dials.includes(dial)) this.connect(dial, true);
      for (const link of [...this.links]) for (const side of [0, 1] as const) this.deliver(link, side);
      this.forget();
    }
  }

  forget(): void {
    this.links = this.links.filter(({ ends }) => ends.some((end) => end?.open === true));
  }

  #of(side: Side, id: string): ModelLink | undefined {
    return this.links.find(({ ends }) => ends[side]?.id === id);
  }
}
