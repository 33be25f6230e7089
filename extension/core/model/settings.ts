// The user's settings that the core needs.

export type CoreSettings = {
  readonly acceptForks: "always" | "known" | "ask" | "never";
  readonly connection: "auto" | "direct" | "relay";
  /** Whether peers get read receipts and typing notices. */
  readonly tellRead: boolean;
  /** What deserves a notification while the chat is not visible. */
  readonly notify: { readonly mentions: boolean; readonly messages: boolean; readonly forks: boolean };
};

export const notifyOfAll = { mentions: true, messages: true, forks: true } as const;
