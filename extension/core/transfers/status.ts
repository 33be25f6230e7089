// What the user sees of a transfer: how far it is, how fast, and why it does not go on.
import { BLOCK_BYTES, RUNNING_TRANSFERS, type FileId } from "../../../protocol/bulk.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import { phaseOf, verifiedBytes, type Phase, type Receiving } from "./receivingState.ts";
import type { Offer, Over, Sending } from "./sendingState.ts";

/** `offered`: the receiver has not asked for it on this link. `sent`: the receiver has verified all of it. */
export type SendingPhase =
  | { readonly phase: "offered" | "waiting" | "sending" | "verifying" | "sent" | "declined" | "canceled" }
  | { readonly phase: "paused"; readonly by: "me" | "them" | "link" }
  | { readonly phase: "failed"; readonly why: Exclude<Over, "sent" | "declined" | "canceled"> };

type Either =
  { readonly way: "in"; readonly phase: Phase } | { readonly way: "out"; readonly phase: SendingPhase };

export type TransferStatus = Either & {
  readonly sid: SessionId;
  readonly id: FileId;
  /** Bytes of the whole file, and those that are verified (`in`) or sent (`out`). */
  readonly size: number;
  readonly bytes: number;
  /** Bytes per second, and seconds until the end; null while unknown. */
  readonly rate: number | null;
  readonly secondsLeft: number | null;
};

/** @param linked whether there is a bulk link */
export function receivingStatus(receiving: Receiving, linked: boolean): Either & Progressing {
  return {
    ...{ way: "in", phase: phaseOf(receiving, linked) },
    ...{ id: receiving.id, size: receiving.size, bytes: verifiedBytes(receiving) },
  };
}

export type Progressing = Pick<TransferStatus, "id" | "size" | "bytes">;

export function sendingStatus(offer: Offer, sending: Sending): Either & Progressing {
  const { id, source, over, ended } = offer;
  const { size } = source;
  const bytes = over === "sent" || ended ? size : Math.min(size, sentBytes(offer, sending));
  return { way: "out", phase: sendingPhase(offer, sending), id, size, bytes };
}

function sentBytes({ id, next, hashes }: Offer, { work }: Sending): number {
  if (work?.step === "sending" && work.id === id) return work.index * BLOCK_BYTES + work.sent;
  return (next ?? hashes.length) * BLOCK_BYTES;
}

function sendingPhase({ id, over, paused, ended, next, hashes }: Offer, sending: Sending): SendingPhase {
  // The receiver has asked for it before: it will again, or has canceled it.
  const isBegun = hashes.length > 0 || ended;
  if (over === "declined") return { phase: isBegun ? "canceled" : "declined" };
  if (over === "sent" || over === "canceled") return { phase: over };
  if (over !== null) return { phase: "failed", why: over };
  if (paused.me) return { phase: "paused", by: "me" };
  if (sending.link === null) return isBegun ? { phase: "paused", by: "link" } : { phase: "offered" };
  if (paused.them) return { phase: "paused", by: "them" };
  if (next !== null || sending.work?.id === id)
    return { phase: sending.running.slice(0, RUNNING_TRANSFERS).includes(id) ? "sending" : "waiting" };
  if (ended) return { phase: "verifying" };
  return isBegun ? { phase: "paused", by: "them" } : { phase: "offered" };
}
