// The readable form of changes, as it stands in the message's text: what clients that take no changes show, and what is searched
// and exported.
import type { ChangesPart, ListedChange } from "./changesPart.ts";
import type { MessageContent } from "./messageContent.ts";
import type { Part } from "./part.ts";

type Summary = Pick<ChangesPart, "files" | "added" | "removed" | "list">;

export function changesText({ files, added, removed, list }: Summary): string {
  const more = files - list.length;
  return [
    `Changes: ${counted(files, "file")} (+${String(added)} -${String(removed)})`,
    ...list.map(fileLine),
    ...(more > 0 ? [`and ${counted(more, "more file")}`] : []),
  ].join("\n");
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? "" : "s"}`;
}

function fileLine({ kind, path, oldPath, lines }: ListedChange): string {
  const what = { added: "new", deleted: "deleted", modified: null, renamed: `from ${oldPath ?? "?"}` }[kind];
  const counts = lines === undefined ? "binary" : `+${String(lines.added)} -${String(lines.removed)}`;
  return `${path} (${what === null ? counts : `${what}, ${counts}`})`;
}

/** Builds a message's text. `at` is where the readable form begins in it. */
export function writeChanges(words: string, part: ChangesPart): { text: string; part: ChangesPart } {
  const before = words.trim() === "" ? "" : `${words.trimEnd()}\n\n`;
  return { text: before + changesText(part), part: { ...part, at: before.length } };
}

/** The author's own words. Null if the text is not the readable form of changes: then it is a text like any other. */
export function wordsAboutChanges(text: string, part: Part | undefined): string | null {
  if (part?.kind !== "changes") return null;
  const words = text.slice(0, part.at);
  if (words !== "" && !words.endsWith("\n\n")) return null;
  return text.slice(part.at) === changesText(part) ? words.trimEnd() : null;
}

/** For a peer that cannot take changes. */
export function changesTextWithoutFiles({ text }: MessageContent): string {
  return `${text}\nTo receive them, update Fork Chat and ask for the changes again.`;
}
