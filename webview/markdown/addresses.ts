// The addresses that a message may link to, and how they are shown. Pure.
import { parseUrl } from "../../protocol/parseUrl.ts";

/** The same limit as on the host's side. */
const MAX_LENGTH = 2048;
const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** Chinese and Japanese need no space behind an address. Letters of these blocks, such as in 佐々木, can be part of one. */
const PUNCTUATION = /(?![\p{L}\p{N}])[\u3000-\u303f\uff01-\uff65]|\s/u;

/** How much of a text can be of the bare address at its beginning. */
export function lengthOfAddress(text: string): number {
  const end = text.search(PUNCTUATION);
  return end < 0 ? text.length : end;
}

/** The address as it would be opened, with the host name in ASCII; null if it may not be opened. */
export function linkAddress(href: string): string | null {
  const url = href.length > MAX_LENGTH ? null : parseUrl(href);
  return url !== null && SCHEMES.has(url.protocol) && url.href.length <= MAX_LENGTH ? url.href : null;
}

/** The note beside a link, so that it cannot be mistaken for another one; null if its text says it all. */
export function addressNote(text: string, address: string): string | null {
  const url = new URL(address);
  const misleading = url.username !== "" || url.password !== "";
  const scheme = schemeOf(text);
  const isMail = url.protocol === "mailto:";
  const isAsSaid =
    scheme === null ? !isMail || text.includes("@") || !looksLikeAddress(text) : scheme === url.protocol;
  if (!misleading && isAsSaid && bare(text) === bare(address)) return null;
  if (isMail) return isAsSaid ? bare(address) : address;
  return !misleading && (!isAsSaid || looksLikeAddress(text)) ? address : url.host;
}

/** The scheme at the beginning of a text, as it would be opened; null if there is none. */
function schemeOf(text: string): string | null {
  const [, scheme] = /^\s*([a-z][a-z0-9+.-]*:)(?:\/\/|(?<=mailto:))/iu.exec(text) ?? [];
  return scheme?.toLowerCase() ?? null;
}

/** Without the parts of an address that are optional. */
function bare(address: string): string {
  return address
    .trim()
    .replace(/^(?:https?:\/\/|mailto:)/iu, "")
    .replace(/\/$/u, "");
}

function looksLikeAddress(text: string): boolean {
  return /:\/\/|^\s*www\.|[^\s.]\.[^\s.]{2,}/iu.test(text);
}
