// What can be found out about a server without joining it.

/** In the order in which they are checked: each needs those before it. */
export const checkStages = ["address", "name", "connection", "tls", "server"] as const;
export type CheckStage = (typeof checkStages)[number];

/** What a server tells before anyone has joined. */
export type CheckedServer = {
  readonly version: number;
  readonly needsToken: boolean;
  /** Milliseconds that its clock is ahead of this machine's; null when the server does not tell its time. */
  readonly aheadMs: number | null;
};

export type ServerCheck = {
  readonly url: string;
  readonly secure: boolean;
  /** What the host name stands for; empty where the URL has an IP address. */
  readonly addresses: readonly string[];
  /** What failed, and why: a sentence part without a period. Null once the server has answered. */
  readonly failure: { readonly stage: CheckStage; readonly text: string } | null;
  readonly server: CheckedServer | null;
};
