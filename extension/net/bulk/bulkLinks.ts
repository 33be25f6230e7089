// The bulk links of all sessions: who may open one, dialing, and what passes between them and the transfers.
import { BULK_PATH, CHUNK_BYTES } from "../../../protocol/bulk.ts";
import { closeCodes } from "../../../protocol/errors.ts";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import { PROTOCOL_VERSION } from "../../../protocol/limits.ts";
import type { LinkId, LinkPath } from "../../core/model/ports.ts";
import type { BulkEvent, BulkLinks, TransferLink } from "../../core/model/transferPorts.ts";
import {
  decide,
  notLinked,
  type BulkDialing,
  type BulkDialingEffect,
  type BulkDialingEvent,
} from "../../core/transfers/bulkDialing.ts";
import type { BulkLinkEvent } from "../../core/transfers/bulkEvents.ts";
import type { Dial } from "../dial/dialWebSocket.ts";
import type { NetContext } from "../dial/netContext.ts";
import { warnOfFailure } from "../dial/netLog.ts";
import type { OpenWebSocket } from "../dial/pacedReading.ts";
import type { Identity } from "../identity/identity.ts";
import { dialPeer } from "../peers/peerDialler.ts";
import type { PeerLinks } from "../peers/peerLinks.ts";
import { createBulkTickets } from "./bulkTickets.ts";
import { createOpeningBudgets } from "./openingBudgets.ts";
import { startBulkLink, type BulkLink, type BulkLinkHandlers, type BulkOpen } from "./bulkLink.ts";

export type NetBulkLinks = BulkLinks & {
  /**
   * Whether this key may open one now: the peer has dialed a session's link, and no other bulk link of this key is being opened.
   * Counts as one that was opened.
   */
  mayOpen(pin: Pin): boolean;
  /** A peer with this key has connected to the bulk path. */
  accept(opened: OpenWebSocket, pin: Pin): void;
  dispose(): void;
};

export type BulkLinksOptions = {
  readonly context: NetContext;
  readonly links: Pick<PeerLinks, "send" | "dialledAt" | "measure">;
  /** The key of this window. */
  readonly identity: () => Promise<Identity> | undefined;
  readonly emit: (event: BulkEvent) => void;
  /** Asks for a ticket of the relay. Answered by `relayed`. */
  readonly needsTicket: (session: SessionId) => void;
  /** SHA-256 of the certificate of a server that the user trusts, if any. */
  readonly trusted: (server: string) => string | undefined;
};

/** Milliseconds from one measured round trip to the next one at least, while bytes come. */
const MEASURE_MS = 20;

/** The bulk side of one session. */
type Side = {
  readonly session: SessionId;
  dialing: BulkDialing;
  link: TransferLink | null;
  dial: Dial | null;
  bulk: BulkLink | null;
  /** The other side's `open` has come. */
  open: boolean;
  retry: NodeJS.Timeout | undefined;
  measuredAt: number;
};

export function createBulkLinks(options: BulkLinksOptions): NetBulkLinks {
  const { context, links, identity, emit } = options;
  const sides = new Map<SessionId, Side>();
  /** By key: accepted links whose `open` has not come. */
  const greeting = new Map<Pin, BulkLink>();
  const opening = createOpeningBudgets(context);
  const tickets = createBulkTickets(options.needsTicket, context.limits.dialMs);
  let disposed = false;

  const sideOf = (session: SessionId): Side => {
    const side = sides.get(session) ?? {
      ...{ session, dialing: notLinked, link: null, dial: null, bulk: null, open: false },
      ...{ retry: undefined, measuredAt: -Infinity },
    };
    sides.set(session, side);
    return side;
  };
  const take = (side: Side, event: BulkDialingEvent): void => {
    if (disposed) return;
    const { state, effects } = decide(side.dialing, event);
    side.dialing = state;
    for (const effect of effects) run(side, effect);
  };
  const run = (side: Side, effect: BulkDialingEffect): void => {
    switch (effect.type) {
      case "dial":
        warnOfFailure(context.log, dial(side, effect.n, effect.path));
        return;
      case "ask":
        if (side.link !== null) links.send(side.link.link, { type: "bulk" });
        return;
      case "hangUp":
        hangUp(side, closeCodes.goingAway);
        return;
      case "schedule":
        side.retry = setTimeout(() => take(side, { type: "timer" }), effect.ms);
        return;
      case "unschedule":
        clearTimeout(side.retry);
        return;
    }
  };
  const hangUp = (side: Side, code: number): void => {
    side.dial?.abort();
    side.dial = null;
    tickets.answer(side.session, null);
    side.bulk?.close(code);
    gone(side);
  };
  const gone = (side: Side): void => {
    const wasOpen = side.open;
    Object.assign(side, { bulk: null, open: false });
    if (wasOpen) emit({ session: side.session, type: "bulk/closed" });
  };
  const dial = async (side: Side, n: number, path: LinkPath): Promise<void> => {
    const { link } = side;
    const own = identity();
    // Until the key is loaded, there is nothing to abort.
    const beginning: Dial = { abort: () => undefined };
    side.dial = beginning;
    const failed = (): void => {
      side.dial = null;
      take(side, { type: "closed" });
    };
    const self = await own;
    const target = link === null || side.dial !== beginning ? null : await targetOf(side.session, link, path);
    if (side.dial !== beginning) return;
    if (link === null || target === null || self === undefined) {
      failed();
      return;
    }
    const trusted = target.relay === null ? undefined : options.trusted(target.relay.server);
    side.dial = dialPeer(target, self, trusted, context, request, {
      failed,
      opened: (opened) => {
        side.dial = null;
        greet(side, link, opened, n);
      },
    });
  };
  /** Null if there is no such way. */
  const targetOf = async (session: SessionId, { pin, link }: TransferLink, path: LinkPath) => {
    if (path === "relayed") {
      const relay = await tickets.get(session);
      return relay === null ? null : { pin, addresses: [], relay };
    }
    const address = links.dialledAt(link);
    return address === null ? null : { pin, addresses: [address], relay: null };
  };
  /** Of our dial: sends `open`, and waits for the same. Until then it counts as being dialed. */
  const greet = (side: Side, link: TransferLink, opened: OpenWebSocket, n: number): void => {
    const bulk: BulkLink = startBulkLink(opened, true, context, {
      ...handlersOf(() => (side.bulk === bulk ? side : null)),
      open: (open) => {
        if (!fits(open, link, side.session) || open.n !== n) return closeCodes.protocol;
        isOpen(side, bulk, n);
        return null;
      },
    });
    side.bulk = bulk;
    bulk.send({ type: "open", v: PROTOCOL_VERSION, sid: side.session, boot: link.boot, n });
  };
  const isOpen = (side: Side, bulk: BulkLink, n: number): void => {
    if (side.bulk !== bulk) side.bulk?.close(closeCodes.replaced);
    Object.assign(side, { bulk, open: true });
    take(side, { type: "opened", n });
    emit({ session: side.session, type: "bulk/opened", n });
  };
  /** @param current the side whose bulk link it is; null if it is not the one that counts */
  const handlersOf = (current: () => Side | null): Omit<BulkLinkHandlers, "open"> => {
    const pass = (event: BulkLinkEvent): void => {
      const side = current();
      if (side === null) return;
      emit({ session: side.session, ...event });
      if (event.type === "bulk/chunk") measure(side);
    };
    return {
      frame: (frame) => pass({ type: "bulk/message", frame }),
      chunk: (bytes) => pass({ type: "bulk/chunk", bytes }),
      full: () => pass({ type: "bulk/full" }),
      drained: () => pass({ type: "bulk/drained" }),
      closed: (broken) => {
        const side = current();
        if (side === null) return;
        gone(side);
        take(side, { type: broken ? "refused" : "closed" });
      },
    };
  };
  /** Chat comes first: how long a message takes decides how many bytes may come. */
  const measure = (side: Side): void => {
    const { link, session } = side;
    if (link === null || context.clock() - side.measuredAt < MEASURE_MS) return;
    side.measuredAt = context.clock();
    links.measure(link.link, (ms) => {
      if (side.bulk !== null && side.link === link)
        emit({ session, type: "bulk/roundTrip", ms, at: context.clock() });
    });
  };
  const dialledBy = (pin: Pin): Side[] =>
    [...sides.values()].filter(({ dialing, link }) => dialing.dialler === "peer" && link?.pin === pin);

  return {
    linked(session, link) {
      const side = sideOf(session);
      side.link = link;
      take(side, { type: "linked", dialler: link.dialler, path: link.path });
    },
    unlinked(session) {
      const side = sides.get(session);
      if (side === undefined) return;
      side.link = null;
      take(side, { type: "unlinked" });
    },
    ended(session) {
      this.unlinked(session);
      sides.delete(session);
    },
    relayed: (session, meeting) => tickets.answer(session, meeting),
    asked(session) {
      const side = sides.get(session);
      if (side !== undefined) take(side, { type: "asked" });
    },
    want(session, wanted) {
      // Of a session that is over, nothing is kept.
      const side = wanted ? sideOf(session) : sides.get(session);
      if (side !== undefined && side.dialing.wanted !== wanted) take(side, { type: "want", wanted });
    },
    used(session) {
      const side = sides.get(session);
      if (side !== undefined && side.dialing.failures > 0) take(side, { type: "used" });
    },
    tell(session, frame) {
      const link: LinkId | undefined = sides.get(session)?.link?.link;
      if (link !== undefined) links.send(link, frame);
    },
    send(session, frame) {
      sides.get(session)?.bulk?.send(frame);
    },
    sendChunk(session, bytes) {
      sides.get(session)?.bulk?.sendChunk(bytes);
    },
    hold(session, isHeld) {
      sides.get(session)?.bulk?.hold(isHeld);
    },
    refuse(session, why) {
      const side = sides.get(session);
      if (side?.bulk == null) return;
      context.log.warn(`A peer broke the rules of the bulk link: ${why}`);
      hangUp(side, closeCodes.protocol);
      take(side, { type: "refused" });
    },
    mayOpen(pin) {
      return !disposed && !greeting.has(pin) && dialledBy(pin).length > 0 && opening.take(pin);
    },
    accept(opened, pin) {
      let side: Side | null = null;
      const handlers = handlersOf(() => (side?.bulk === bulk ? side : null));
      const bulk: BulkLink = startBulkLink(opened, false, context, {
        ...handlers,
        open: (open) => {
          greeting.delete(pin);
          const found = dialledBy(pin).find(({ session }) => session === open.sid);
          if (found?.link == null) return closeCodes.unknownSession;
          if (!fits(open, found.link, found.session)) return closeCodes.protocol;
          if (open.n <= found.dialing.n) return closeCodes.stale;
          side = found;
          bulk.send({ ...open, boot: found.link.boot });
          isOpen(found, bulk, open.n);
          return null;
        },
        closed: (broken) => {
          if (greeting.get(pin) === bulk) greeting.delete(pin);
          handlers.closed(broken);
        },
      });
      greeting.set(pin, bulk);
    },
    dispose() {
      disposed = true;
      for (const bulk of greeting.values()) bulk.close(closeCodes.goingAway);
      for (const side of sides.values()) {
        clearTimeout(side.retry);
        hangUp(side, closeCodes.goingAway);
      }
    },
  };
}

const request = { path: BULK_PATH, maxPayload: CHUNK_BYTES, masks: false } as const;

/** Whether it names this session, as the peer's hello has. */
function fits(open: BulkOpen, link: TransferLink, session: SessionId): boolean {
  return open.v === PROTOCOL_VERSION && open.sid === session && open.boot === link.peerBoot;
}
