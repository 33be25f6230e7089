// The user's settings that the core needs.

export type CoreSettings = {
  readonly acceptForks: "always" | "known" | "ask" | "never";
  readonly connection: "auto" | "direct" | "relay";
  /** Whether peers get read receipts and typing notices. */
  readonly tellRead: boolean;
  /** Who gets the user's file and line on request: only those the user agrees to each time, or verified people at once. */
  readonly tellWhere: "ask" | "verified" | "never";
  /** What deserves a notification while the chat is not visible. */
  readonly notify: { readonly mentions: boolean; readonly messages: boolean; readonly forks: boolean };
};

export const notifyOfAll = { mentions: true, messages: true, forks: true } as const;
