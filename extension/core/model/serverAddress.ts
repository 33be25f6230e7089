// The one way to read a server's URL: the form that is shown and dialed, the key under which everything about that server is
// kept, and what is wrong with an invalid one. Pure.
import { isLoopback } from "../../../protocol/ipAddress.ts";
import { parseUrl, type Url } from "../../../protocol/parseUrl.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { withoutNeedlessEscapes } from "../../../protocol/urlPath.ts";

export type ServerUrlProblem = {
  readonly kind: "no-scheme" | "scheme" | "blanks" | "zone" | "port" | "credentials" | "fragment" | "host";
  /** What was probably meant. */
  readonly instead?: string;
};

declare const URL: new (text: string) => Url;

const LOOPBACK = "127.0.0.1";
/** "Every address": valid for listening. When dialed, it can only mean this machine. */
const UNSPECIFIED = new Map([
  ["0.0.0.0", LOOPBACK],
  ["[::]", "[::1]"],
]);

/**
 * Reads `ws://HOST[:PORT][/PATH]` or `wss://…` like a browser: lower-case scheme and host, international names in
 * Punycode, canonical IP addresses, dot segments resolved, no default port.
 */
export function readServerUrl(raw: string): Result<string, ServerUrlProblem> {
  const text = raw.trim();
  const problem = problemOf(text);
  if (problem !== null) return err(problem);
  const url = new URL(text);
  const { protocol, port, pathname, search } = url;
  const path = withoutNeedlessEscapes(pathname);
  return ok(
    `${protocol}//${hostOf(url)}${port === "" ? "" : `:${port}`}${path === "/" && search === "" ? "" : path}${search}`,
  );
}

/** Normalizes a URL that an earlier version may have saved; an invalid one is returned as is. */
export function tidyServerUrl(raw: string): string {
  const read = readServerUrl(raw);
  return read.ok ? read.value : raw.trim();
}

/** Identifies the server in everything saved about it: equal for two URLs of the same server. */
export function serverKey(raw: string): string {
  return keyOf(raw, ["localhost", "[::1]"]);
}

/**
 * Identifies the server for its saved token. Unlike with `serverKey`, the two loopback addresses are two servers:
 * another user may listen on the one that the server does not have.
 */
export function tokenKey(raw: string): string {
  return keyOf(raw, ["localhost"]);
}

/**
 * Whether a host is `localhost` or a name below it. These are dialed at 127.0.0.1, whatever this machine resolves them
 * to.
 */
export function isLocalhost(hostname: string): boolean {
  return /^(?:.+\.)?localhost$/u.test(hostname);
}

/** @param loopback hosts that are treated as 127.0.0.1 */
function keyOf(raw: string, loopback: readonly string[]): string {
  const read = readServerUrl(raw);
  if (!read.ok) return raw.trim();
  const { protocol, port, pathname, search, hostname } = new URL(read.value);
  const host = loopback.includes(hostname) ? LOOPBACK : hostname;
  return `${protocol}//${host}${port === "" ? "" : `:${port}`}${pathname.replace(/\/+$/u, "")}${search}`;
}

export function isSameServer(a: string, b: string): boolean {
  return serverKey(a) === serverKey(b);
}

/** Whether a server's URL always refers to the machine that uses it. */
export function isOnThisMachine(raw: string): boolean {
  const read = readServerUrl(raw);
  if (!read.ok) return false;
  const { hostname } = new URL(read.value);
  return isLocalhost(hostname) || isLoopback(hostname.replace(/^\[(.*)\]$/u, "$1"));
}

/** `0.0.0.0` or `[::]`, if that is the URL's host. */
export function unspecifiedHost(raw: string): string | undefined {
  const host = parseUrl(raw.trim())?.hostname ?? "";
  return UNSPECIFIED.has(host) ? host : undefined;
}

/** The same address with or without TLS. A default port becomes the other scheme's default port. */
export function otherScheme(raw: string): string | undefined {
  const read = readServerUrl(raw);
  if (!read.ok) return undefined;
  return read.value.startsWith("wss:")
    ? `ws:${read.value.slice("wss:".length)}`
    : `wss:${read.value.slice("ws:".length)}`;
}

/** The spellings that earlier versions may have used for the key of a server's token, the likeliest first. */
export function formerSpellings(key: string): string[] {
  const url = parseUrl(key);
  if (url === null) return [];
  const { protocol, hostname, port, pathname, search } = url;
  const hosts = hostname === LOOPBACK ? [hostname, "localhost"] : [hostname];
  const usual = protocol === "wss:" ? "443" : "80";
  const ports = port === "" ? ["", `:${usual}`] : [`:${port}`];
  const paths = pathname === "/" ? ["", "/"] : [pathname, `${pathname}/`];
  return hosts.flatMap((host) =>
    ports.flatMap((port) => paths.map((path) => `${protocol}//${host}${port}${path}${search}`)),
  );
}

function problemOf(text: string): ServerUrlProblem | null {
  if (/[\s\p{Cc}]/u.test(text)) return { kind: "blanks" };
  const scheme = /^(?<name>[a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))/iu.exec(text)?.groups?.name?.toLowerCase();
  if (scheme === undefined) return meant("no-scheme", `ws://${text.replace(/^\/+/u, "")}`);
  const rest = text.slice(scheme.length);
  if (scheme === "http" || scheme === "https")
    return meant("scheme", `${scheme.replace("http", "ws")}${rest}`);
  if (scheme !== "ws" && scheme !== "wss") return { kind: "scheme" };
  if (/^:[/\\]*[^/\\?#]*\[[^\]]*%/u.test(rest)) return { kind: "zone" };
  const port = /:(?<digits>\d+)(?:[/?#]|$)/u.exec(rest)?.groups?.digits;
  if (port !== undefined && Number(port) > 65_535) return { kind: "port" };
  const url = parseUrl(text);
  if (url === null) return { kind: "host" };
  if (url.username + url.password !== "") {
    url.username = url.password = "";
    return meant("credentials", url.href);
  }
  if (url.hash !== "") {
    url.hash = "";
    return meant("fragment", url.href);
  }
  if (url.port === "0") return { kind: "port" };
  const host = hostOf(url);
  if (/^\[fe[89ab]/u.test(host)) return { kind: "zone" };
  return host === "" || host.endsWith(".") ? { kind: "host" } : null;
}

function meant(kind: ServerUrlProblem["kind"], instead: string): ServerUrlProblem {
  const read = readServerUrl(instead);
  return read.ok ? { kind, instead: read.value } : { kind };
}

/** The host as it is dialed: without a trailing dot, and with IPv4-mapped IPv6 as IPv4. */
function hostOf({ hostname }: Url): string {
  const host = hostname.replace(/\.$/u, "");
  const mapped = /^\[::ffff:(?<high>[0-9a-f]+):(?<low>[0-9a-f]+)\]$/u.exec(host)?.groups;
  const plain =
    mapped?.high === undefined || mapped.low === undefined
      ? host
      : [mapped.high, mapped.low]
          .map((group) => Number.parseInt(group, 16))
          .flatMap((group) => [group >> 8, group & 255])
          .join(".");
  return UNSPECIFIED.get(plain) ?? plain;
}
