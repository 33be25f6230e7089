// The people in the model of two windows: their keys, and a server's messages when they join.
import type { CoreEvent } from "../../extension/core/model/events.ts";
import type { Pin } from "../../protocol/fields.ts";

export type Side = 0 | 1;

/** Anna's is the lower one. */
export const pins: readonly [Pin, Pin] = ["A".repeat(43) as Pin, "E".repeat(43) as Pin];

/** An id of 22 characters, always the same for a number. */
export function fixedId(n: number): string {
  return `id${String(n).padStart(20, "0")}`;
}

export function joined(side: Side): CoreEvent {
  return {
    type: "rendezvous/message",
    connection: 1,
    message: {
      type: "joined",
      name: side === 0 ? "anna" : "bobby",
      resume: fixedId(0) as never,
      epoch: "epoch-of-model" as never,
      seq: 0,
      missed: 0,
      gap: false,
      you: { address: "10.0.0.1" },
      users: [{ name: "anna" }, { name: "bobby" }],
    },
  };
}
