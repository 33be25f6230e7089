// Links to lines of a file on a code forge, and the remotes of a clone that they may mean.
import { parseUrl } from "../../../protocol/parseUrl.ts";

export type Permalink = {
  /** Host and path of the repository, as `remoteKey` writes them. */
  readonly repository: string;
  /** The revision, whose name may have slashes, and the path behind it. */
  readonly rest: readonly string[];
  /** Counted from 1. */
  readonly line?: number;
  readonly toLine?: number;
};

/** A longer link is not taken apart. */
const MOST_CHARACTERS = 2_048;

/** Slashes in the name of a branch that are looked for. */
const MOST_NAMES = 4;

/** Null for any other link. Takes a time that grows with its length alone. */
export function parsePermalink(link: string): Permalink | null {
  if (link.length > MOST_CHARACTERS) return null;
  const url = parseUrl(link);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const names = namesOf(url.pathname);
  const form = names === null ? null : formOf(names);
  if (form === null || form.rest.length < 2) return null;
  const repository = `${url.hostname.toLowerCase()}/${form.repository.join("/").toLowerCase()}`;
  return { repository, rest: form.rest, ...linesOf(url.hash) };
}

function namesOf(pathname: string): string[] | null {
  try {
    const names = pathname.split("/").slice(1).map(decodeURIComponent);
    return names.some((name) => name === "" || name === "." || name === ".." || /[\p{Cc}\\/]/u.test(name))
      ? null
      : names;
  } catch {
    return null;
  }
}

type Form = { readonly repository: readonly string[]; readonly rest: readonly string[] };

function formOf(names: readonly string[]): Form | null {
  // GitLab, whose groups nest.
  const dash = names.indexOf("-");
  if (dash >= 2 && names[dash + 1] === "blob")
    return { repository: names.slice(0, dash), rest: names.slice(dash + 2) };
  const repository = names.slice(0, 2);
  const [kind, of] = names.slice(2);
  if (kind === "blob") return { repository, rest: names.slice(3) };
  if (kind !== "src") return null;
  // Gitea names what the revision is, Bitbucket does not.
  const isNamed = (of === "commit" || of === "branch" || of === "tag") && names.length > 5;
  return { repository, rest: names.slice(isNamed ? 4 : 3) };
}

function linesOf(hash: string): { line?: number; toLine?: number } {
  const [, from, to] =
    /^#L(\d{1,7})(?:C\d{1,6})?(?:-L?(\d{1,7})(?:C\d{1,6})?)?$/.exec(hash) ??
    /^#lines-(\d{1,7})(?::(\d{1,7}))?$/.exec(hash) ??
    [];
  const line = Number(from ?? 0);
  if (line === 0) return {};
  const toLine = Number(to ?? 0);
  return toLine > line ? { line, toLine } : { line };
}

/** What its revision and path may be, the shortest revision first. */
export function* readings({
  rest,
}: Permalink): Generator<{ readonly revision: string; readonly path: string }> {
  for (let i = 1; i < rest.length && i <= MOST_NAMES; i += 1)
    yield { revision: rest.slice(0, i).join("/"), path: rest.slice(i).join("/") };
}

/** Host and path of a repository, however its address is written; null for one that is not on another machine. */
export function remoteKey(address: string): string | null {
  if (address.length > MOST_CHARACTERS) return null;
  const [, scheme, rest] = /^([a-z][a-z+]{1,9}):\/\/(.*)$/i.exec(address) ?? [];
  if (scheme !== undefined && !/^(?:https?|ssh|git|git\+ssh)$/i.test(scheme)) return null;
  const full = rest ?? address;
  const at = scheme === undefined ? full.indexOf(":") : full.indexOf("/");
  if (at < 2) return null;
  const host = full
    .slice(0, at)
    .replace(/^.*@/, "")
    .replace(/:\d{1,5}$/, "");
  const path = full
    .slice(at + 1)
    .replace(/^\/+/, "")
    .replace(/(?<!\/)\/{1,9}$/, "")
    .replace(/\.git$/, "");
  return !/^[\w.-]+$/.test(host) || path === "" ? null : `${host}/${path}`.toLowerCase();
}

/** A remote of a clone. */
export type Remote = {
  readonly name: string;
  /** Its repository; see `remoteKey`. */
  readonly key: string;
};

/** The remotes that the text of a `.git/config` names. */
export function remotesIn(config: string): Remote[] {
  const found: Remote[] = [];
  let remote: string | null = null;
  for (const line of config.split("\n")) {
    const text = line.trim();
    if (text.startsWith("[")) remote = /^\[remote "(.*)"\]/iu.exec(text)?.[1] ?? null;
    const [, address] = /^url\s*=(.*)$/iu.exec(text) ?? [];
    if (remote === null || address === undefined) continue;
    const key = remoteKey(address.trim().replaceAll('"', ""));
    if (key !== null) found.push({ name: remote, key });
  }
  return found;
}

/** What git may know a forge's revision as: a branch as it was fetched from there, or a local one, a tag, a commit. */
export function refsOf(revision: string, remote: string): string[] {
  const isCommit = /^[\da-f]{40}$/iu.test(revision);
  const isSafe = /^[\w][\w./-]*$/u.test(remote);
  // Git takes what begins with a hyphen for an option.
  const own = revision.startsWith("-") ? [] : [revision];
  return isCommit || !isSafe ? own : [`refs/remotes/${remote}/${revision}`, ...own];
}
