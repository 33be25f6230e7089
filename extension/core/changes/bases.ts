// Files as they were before a change, for receivers that do not have them.
import type { BaseTexts, ChangeSet, FileChange } from "../../../protocol/changes.ts";
import { changeLimits } from "../../../protocol/changesPart.ts";
import { utf8Length } from "../../../protocol/codec.ts";
import { isSecretPath, looksSecret } from "../code/secrets.ts";

/**
 * By path before the change, as far as they fit together. Only changes as hunks need them. A file with a secret in lines that the user
 * does not send is not among them.
 */
export function basesFor(set: ChangeSet, known: ReadonlyMap<string, string>): BaseTexts | null {
  const files: BaseTexts["files"] = [];
  let bytes = utf8Length(JSON.stringify({ files }));
  for (const file of set.files) {
    const path = basePath(file);
    const text = path === null ? undefined : known.get(path);
    if (path === null || text === undefined) continue;
    const size = utf8Length(JSON.stringify({ path, text })) + 1;
    if (bytes + size > changeLimits.bytes || isSecretPath(path) || looksSecret(text)) continue;
    bytes += size;
    files.push({ path, text });
  }
  return files.length === 0 ? null : { files };
}

/**
 * What the sender has sent, without what is not the base of a change.
 * @param tagOf the tag of a text (see `base` of a change)
 */
export function trueBases(
  set: ChangeSet,
  { files }: BaseTexts,
  tagOf: (text: string) => string,
): ReadonlyMap<string, string> {
  const tags = new Map(set.files.map((file) => [basePath(file), "base" in file ? file.base : undefined]));
  const bases = files.filter(({ path, text }) => {
    const tag = tags.get(path);
    return tag !== undefined && tagOf(text) === tag;
  });
  return new Map(bases.map(({ path, text }) => [path, text]));
}

function basePath(file: FileChange): string | null {
  if (file.content?.as !== "hunks") return null;
  return "oldPath" in file ? file.oldPath : file.path;
}
