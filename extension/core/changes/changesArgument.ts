// Which changes are meant by what is typed after a command.

/** `commit` has what one commit changed, and `range` what a branch changed since it left another. */
export type WantedChanges =
  | { readonly kind: "uncommitted" }
  | { readonly kind: "staged" }
  | { readonly kind: "commit"; readonly commit: string }
  | { readonly kind: "range"; readonly base: string; readonly branch: string };

/** Without the characters that no name of a commit or a branch has. A name cannot be mistaken for an option. */
const REF = String.raw`(?![-.])(?:(?!\.\.|@\{)[^\p{Cc}\p{Z}:?*[\\])+`;

const RANGE = new RegExp(`^(${REF})\\.\\.(${REF})$`, "u");
const COMMIT = new RegExp(`^${REF}$`, "u");

/** Null for what cannot be meant. */
export function wantedChanges(argument: string): WantedChanges | null {
  const typed = argument.trim();
  if (typed === "") return { kind: "uncommitted" };
  if (typed === "staged") return { kind: "staged" };
  const [, base, branch] = RANGE.exec(typed) ?? [];
  if (base !== undefined && branch !== undefined) return { kind: "range", base, branch };
  return COMMIT.test(typed) ? { kind: "commit", commit: typed } : null;
}
