// What the page shows of changes that were sent: never their lines.

/** A kind of file that can run code, or why a file is not applied. */
export type CardWarning =
  | "editor"
  | "git"
  | "ci"
  | "scripts"
  /** A link, a submodule, or a name that not every system allows. */
  | "refused";

export type CardFile = {
  readonly kind: "added" | "deleted" | "modified" | "renamed";
  readonly path: string;
  readonly oldPath?: string;
  /** Null for a binary file. */
  readonly lines: { readonly added: number; readonly removed: number } | null;
  readonly warning: CardWarning | null;
};

export type ChangesCard = {
  readonly files: readonly CardFile[];
  readonly added: number;
  readonly removed: number;
};
