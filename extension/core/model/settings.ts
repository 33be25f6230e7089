// The user's settings, as far as the core needs them.

export type CoreSettings = {
  readonly acceptForks: "always" | "known" | "ask" | "never";
  readonly connection: "auto" | "direct" | "relay";
  /** Whether peers are told what was read, and when the user writes. */
  readonly tellRead: boolean;
  /** What is worth a notification while nobody looks. */
  readonly notify: { readonly mentions: boolean; readonly messages: boolean; readonly forks: boolean };
};

export const notifyOfAll = { mentions: true, messages: true, forks: true } as const;
