// What can be learned about a server without joining it.

/** In the order of the checks: each requires those before it. */
export const checkStages = ["address", "name", "connection", "tls", "server"] as const;
export type CheckStage = (typeof checkStages)[number];

/** What a server reveals before anyone has joined. */
export type CheckedServer = {
  readonly version: number;
  readonly needsToken: boolean;
  /** Milliseconds by which its clock is ahead of this machine's; null if the server does not send its time. */
  readonly aheadMs: number | null;
};

export type ServerCheck = {
  readonly url: string;
  readonly secure: boolean;
  /** The addresses of the host name; empty if the URL contains an IP address. */
  readonly addresses: readonly string[];
  /** The stage that failed, and the reason: a sentence part without a period. Null if the server responded. */
  readonly failure: { readonly stage: CheckStage; readonly text: string } | null;
  readonly server: CheckedServer | null;
};
