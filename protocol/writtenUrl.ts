// Addresses in a line. Those of files, of local servers and of bundlers lead to files; in others nothing does.
import type { Place } from "./writtenPlace.ts";
import { hidesSomething, isPath } from "./writtenPath.ts";

export type Url = {
  readonly kind: "file" | "local" | "bundle" | "other";
  readonly start: number;
  readonly end: number;
};

/** Maximum length of an address. What is behind that is not read as a part of it. */
const MOST = 2048;
const MOST_IN_SCHEME = 30;

/** Schemes in the stack traces of bundled code. */
const BUNDLES = new Set("webpack webpack-internal turbopack rollup parcel ng app meteor".split(" "));

const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\])(?::\d{1,5})?(?=\/)/;

const END = /[\s<>"'`|“”«»、。，（）「」]/;

/** In order, in linear time. */
export function urlsIn(line: string): Url[] {
  const urls: Url[] = [];
  let end = 0;
  for (const { 0: mark, index } of line.matchAll(/:\/\/|(?<!\w)[Ww][Ww][Ww]\./g)) {
    if (index < end) continue;
    const start = mark === "://" ? schemeStart(line, index, end) : index;
    if (mark === "://" && start === index) continue;
    const near = line.slice(index, index + MOST);
    const length = near.slice(mark.length).search(END);
    end = length < 0 ? index + near.length : index + mark.length + length;
    urls.push({ kind: mark === "://" ? kindOf(line, start, index) : "other", start, end });
  }
  return urls;
}

function schemeStart(line: string, index: number, from: number): number {
  let start = index;
  const least = Math.max(from, index - MOST_IN_SCHEME);
  while (start > least && /[A-Za-z\d+.-]/.test(line[start - 1] ?? "")) start -= 1;
  return start;
}

function kindOf(line: string, start: number, index: number): Url["kind"] {
  const scheme = line.slice(start, index).toLowerCase();
  const host = line.slice(index + 3, index + 3 + 40).toLowerCase();
  if (scheme === "file") return /^(?:localhost)?\/[^/]/.test(host) ? "file" : "other";
  if (scheme === "http" || scheme === "https") return LOCAL.test(host) ? "local" : "other";
  return BUNDLES.has(scheme) ? "bundle" : "other";
}

/** The file to which the beginning of an address leads. */
export function placeInUrl({ kind }: Url, text: string): Pick<Place, "path"> | null {
  const [address = ""] = /^[^?#]*/.exec(text) ?? [];
  const rest = address.slice(address.indexOf("://") + 3);
  if (hidesSomething(address)) return null;
  switch (kind) {
    case "file":
      return address.length > 1024 || address.endsWith("/") ? null : { path: address };
    case "local": {
      const path = rest.replace(/^[^/]*/, "").replace(/^\/@fs(?=\/)/, "");
      return isPath(path, "certain") ? { path } : null;
    }
    case "bundle": {
      // Bundlers put their own name before the path.
      const path = rest.replace(/^\/*(?:\[project\]\/|[^/]*\/(?=\.\/))?/, "");
      return isPath(path, "certain") ? { path } : null;
    }
    case "other":
      return null;
  }
}

/** Without what belongs to the sentence around an address. */
export function withoutPunctuation(text: string): string {
  const kept = Object.entries({ "(": ")", "[": "]", "{": "}" })
    .filter(([open]) => text.includes(open))
    .map(([, close]) => close);
  let end = text.length;
  while (end > 0 && ".,;:!?*)]}".includes(text[end - 1] ?? "") && !kept.includes(text[end - 1] ?? ""))
    end -= 1;
  return text.slice(0, end);
}
