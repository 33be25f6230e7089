// Text for places of VS Code that render links: what a server or a peer has said comes through here first.

/** The text without what would make a link of it, and without control and bidirectional characters. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, " ").replace(/\]\s*\(/gu, "] - (");
}

/** For lists, which show `$(name)` as a picture. */
export function iconless(text: string): string {
  return text.replaceAll("$(", "\\$(");
}
