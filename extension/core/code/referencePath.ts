// Finds the file that a written path means, by names alone.
import type { FileReference } from "../../../protocol/fileReference.ts";
import { hidesSomething } from "../../../protocol/writtenPath.ts";

/** A written path in normal form: its names, the file's last. */
export type WrittenPath = {
  /** Absolute, perhaps on another machine. */
  readonly isAbsolute: boolean;
  readonly names: readonly string[];
};

/** Null for a path without a name, or with characters that its reader does not see. */
export function writtenPath({ path, below }: FileReference): WrittenPath | null {
  const local = path.replace(/^file:\/\/(?:localhost)?/iu, "");
  const text = local === path ? path : decoded(local);
  const slashed = text.replaceAll("\\", "/");
  const isAbsolute = /^(?:\/|[A-Za-z]:\/)/u.test(slashed.replace(/^\/(?=[A-Za-z]:\/)/u, ""));
  const above = below === undefined ? [] : below.split("/");
  const names: string[] = [];
  for (const name of [...above, ...slashed.split("/")]) {
    if (name === "" || name === "." || name === "~") continue;
    // The folder that it is relative to is unknown.
    if (name === "..") names.pop();
    else names.push(name);
  }
  return names.length === 0 || names.some(hidesSomething) ? null : { isAbsolute, names };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** How many names two paths share, counted from the file's own upwards. */
export function commonNames(one: readonly string[], other: readonly string[]): number {
  let count = 0;
  while (count < Math.min(one.length, other.length)) {
    if (one[one.length - 1 - count] !== other[other.length - 1 - count]) break;
    count += 1;
  }
  return count;
}

/** Of files with the same name, those that share the most names with the path. */
export function likeliest<T>(
  names: readonly string[],
  files: readonly T[],
  namesOf: (file: T) => readonly string[],
): T[] {
  const shared = files.map((file) => commonNames(names, namesOf(file)));
  const most = Math.max(0, ...shared);
  return files.filter((_, i) => most > 0 && shared[i] === most);
}

/** Folders of packages: what stands below them is seldom a file of the user's own. */
const PACKAGES = new Set([
  ...["node_modules", "bower_components", "site-packages", "dist-packages", "vendor"],
  ...["gems", ".cargo", ".rustup", ".m2", ".gradle", "mod"],
]);

/**
 * Whether a file in the open folders is surely the one that is meant, although it is not at the written path: it has all names of
 * a relative path, and of an absolute one, perhaps of another machine, at least that of the folder above it.
 */
export function isSurelyMeant({ isAbsolute, names }: WrittenPath, file: readonly string[]): boolean {
  const shared = commonNames(names, file);
  if (!isAbsolute) return shared === names.length;
  const above = names.slice(0, names.length - shared);
  return shared >= 2 && !above.some((name) => PACKAGES.has(name));
}

const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])[ ]*(?:\.|$)/iu;

/** Whether Windows takes each name of a path as it is: not for a device or a stream, nor without its last dots. */
export function isPlainOnWindows(path: string): boolean {
  return path.split("/").every((name) => !/[:*?"<>|\\]|[. ]$/u.test(name) && !DEVICE.test(name));
}
