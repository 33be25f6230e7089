// Which addresses a message may link to, and what is shown of them. Pure.
import { parseUrl } from "../../protocol/parseUrl.ts";

/** As the host's side declares it. */
const MAX_LENGTH = 2048;
const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** The address as it would be opened, host names in ASCII; null when it is none that may be opened. */
export function linkAddress(href: string): string | null {
  const url = href.length > MAX_LENGTH ? null : parseUrl(href);
  return url !== null && SCHEMES.has(url.protocol) && url.href.length <= MAX_LENGTH ? url.href : null;
}

/** What has to stand beside a link's text so that nobody takes it for another link; null where the text says it all. */
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

/** With which a text begins, as it would be opened; null for a text that names none. */
function schemeOf(text: string): string | null {
  const [, scheme] = /^\s*([a-z][a-z0-9+.-]*:)(?:\/\/|(?<=mailto:))/iu.exec(text) ?? [];
  return scheme?.toLowerCase() ?? null;
}

/** Without what an address may be written with or without. */
function bare(address: string): string {
  return address
    .trim()
    .replace(/^(?:https?:\/\/|mailto:)/iu, "")
    .replace(/\/$/u, "");
}

function looksLikeAddress(text: string): boolean {
  return /:\/\/|^\s*www\.|[^\s.]\.[^\s.]{2,}/iu.test(text);
}
