// What a file's name that a peer sends may be: the one gate for names. A name that passes it means one ordinary file below the
// folder it is written to, on every system.
import { utf8Length } from "./codec.ts";
import { nameKey } from "./names.ts";

export type NameFault =
  /** It leads out of the folder, or starts at a drive or a root. */
  | "outside"
  /** Control characters, invisible ones, or ones the system does not allow. */
  | "characters"
  /** `CON`, `NUL` and others, with any extension. */
  | "device"
  /** `name:stream` */
  | "stream"
  /** Windows drops a dot or a space at the end, so that it would be another file. */
  | "trailing"
  /** Git's own folder, in any spelling. */
  | "git"
  /** A short name of Windows, which can be that of another file. */
  | "short"
  | "long";

/** Bytes of a name that file systems allow. */
const NAME_BYTES = 255;

const UNFIT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
const UNFIT_ON_WINDOWS = /[<>"|?*]/u;

/** Windows ignores what follows the first dot, and spaces before it. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:\.|$)/iu;

/** Also its short name on Windows. */
const GIT = /^(?:\.git|git~\d+)$/u;

/** The short name that Windows gives a file: `VSCODE~1` is `.vscode`. The name does not tell which file it is. */
const SHORT_NAME = /^(?=[^.]{1,8}(?:\.|$))[^.]*~\d+(?:\.[^.]{1,3})?$/u;

/** Why a name within a path is refused. Null if it is fine. */
export function nameFault(name: string, onWindows: boolean): NameFault | null {
  if (name === "" || name === "." || name === ".." || /[/\\]/u.test(name)) return "outside";
  if (/^[A-Za-z]:/u.test(name)) return "outside";
  if (isGit(name)) return "git";
  if (UNFIT.test(name) || (onWindows && UNFIT_ON_WINDOWS.test(name))) return "characters";
  if (name.includes(":")) return "stream";
  if (DEVICE.test(name)) return "device";
  if (name.endsWith(".") || name !== name.trim()) return "trailing";
  return utf8Length(name) > NAME_BYTES ? "long" : null;
}

/** Why a path with `/` between its names is refused: the fault of its first name that has one. */
export function pathFault(path: string, onWindows: boolean): NameFault | null {
  for (const name of path.split("/")) {
    const fault = nameFault(name, onWindows) ?? (SHORT_NAME.test(name) ? "short" : null);
    if (fault !== null) return fault;
  }
  return null;
}

/** Two paths with the same key can be the same file: some systems ignore case or how a letter is composed. */
export function pathKey(path: string): string {
  return nameKey(path);
}

/** Some systems ignore case, invisible characters, a stream, and dots and spaces at the end. */
function isGit(name: string): boolean {
  const visible = name.replace(new RegExp(UNFIT, "gu"), "").replace(/:.*$/su, "");
  return GIT.test(nameKey(visible).replace(/[. ]+$/u, ""));
}

/** What a file whose name says nothing is called. */
const PLAIN_NAME = "file";

/** Bytes of a name for which a number and an ending of a file that is not complete still have room. */
const SHORT_BYTES = 200;

/** Bytes of an extension that is kept when a name is shortened. */
const EXTENSION_BYTES = 20;

/** The name for a file that a peer calls `name`: the same, or one as close to it as the gate allows. */
export function allowedName(name: string, onWindows: boolean): string {
  if (nameFault(name, onWindows) === null && utf8Length(name) <= SHORT_BYTES) return name;
  const visible = name
    .replace(new RegExp(UNFIT, "gu"), "_")
    .replace(/[/\\:<>"|?*]/gu, "_")
    .trim()
    .replace(/[. ]+$/u, "");
  for (const candidate of [shortened(visible), shortened(`_${visible}`)])
    if (nameFault(candidate, onWindows) === null) return candidate;
  return PLAIN_NAME;
}

/** The name of the nth file with this name in a folder: `a.txt`, `a (2).txt`. */
export function numberedName(name: string, n: number): string {
  if (n === 1) return name;
  const [stem, extension] = splitName(name);
  return `${stem} (${n})${extension}`;
}

/** A name without its extension, and the extension. */
function splitName(name: string): readonly [string, string] {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
}

function shortened(name: string): string {
  const [stem, extension] = splitName(name);
  const kept = utf8Length(extension) <= EXTENSION_BYTES ? extension : "";
  const characters = Array.from(kept === extension ? stem : name);
  while (utf8Length(characters.join("")) > SHORT_BYTES - utf8Length(kept)) characters.pop();
  return `${characters.join("").trimEnd()}${kept}`;
}
