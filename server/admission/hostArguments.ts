// Parses the options that name hosts, as a client's URL parser would. Values that could never match are refused at the start,
// instead of locking everyone out later. Errors are sentences.
import { isIP } from "node:net";
import { parseUrl } from "../../protocol/parseUrl.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { ipAddressOf } from "./forwardedAddress.ts";
import { withoutNeedlessEscapes } from "../../protocol/urlPath.ts";

/** The URL of a server behind a reverse proxy. */
export type PublicUrl = {
  /** As in a `Host` header without its port, in lower case. */
  readonly hostname: string;
  /** As clients sign it: with its port and, for the scheme's default port, also without. */
  readonly hosts: readonly string[];
  /** Empty, or `/` and more, without a final slash and needless escapes. */
  readonly path: string;
  readonly secure: boolean;
};

/** An address or host name of this machine to listen on. */
export function parseListenHost(text: string): Result<string, string> {
  const host = withoutBrackets(text);
  if (host === "") return err("--host needs an address.");
  if (isIP(host) !== 0) return ok(host);
  if (/^\w+:\/\//.test(host)) return err(`--host must be an address, not a URL: ${text}`);
  if (/^(\[.*\]|[^:]*):\d*$/.test(host))
    return err(`--host must not contain a port (${text}). Use --port instead.`);
  if (!isHostName(host) && !isScopedAddress(host))
    return err(`--host must be an address of this machine, not ${JSON.stringify(text)}.`);
  return ok(host);
}

export type ListenPlace = { readonly host: string; readonly port: number };

/** A port, with or without an address of this machine to listen on. */
export function parseAdminPlace(text: string): Result<ListenPlace, string> {
  const [, host = "127.0.0.1", port] = /^(?:(\[[^\]]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(text.trim()) ?? [];
  if (port !== undefined && Number(port) <= 65_535)
    return ok({ host: withoutBrackets(host), port: Number(port) });
  return err(`--admin must be a port, or an address and a port, not ${JSON.stringify(text)}.`);
}

/** An additional host of the server, as in a `Host` header: with a port, or without for the server's own. */
export function parseAllowedHost(text: string): Result<string, string> {
  const trimmed = text.trim();
  const wrong = err(
    "--allow-host must be a host name such as chat.example.org or chat.example.org:8080, " +
      `without a scheme or path, not ${JSON.stringify(text)}.`,
  );
  const [, name = "", digits] =
    isIP(trimmed) === 6 ? [trimmed, trimmed] : (/^(\[.*\]|[^:]*)(?::(\d{1,5}))?$/.exec(trimmed) ?? []);
  const bare = withoutBrackets(name);
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65_535)) return wrong;
  if (isIP(bare) !== 6 && !isHostName(name)) return wrong;
  const url = parseUrl(`ws://${isIP(bare) === 6 ? `[${bare}]` : name}`);
  if (url === null) return wrong;
  const hostname = withoutDot(url.hostname);
  return ok(port === undefined ? hostname : `${hostname}:${port}`);
}

/** An origin of web pages, as a browser writes it. */
export function parseAllowedOrigin(text: string): Result<string, string> {
  const origin = text.trim().toLowerCase();
  const wrong = err(
    `--allow-origin must be an origin such as https://example.org, without a path, not ${JSON.stringify(text)}.`,
  );
  const canonical = /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@\\*]+$/.test(origin)
    ? parseUrl(origin)?.origin
    : undefined;
  if (canonical === undefined) return wrong;
  // For schemes outside the web, such as vscode-webview:, it is "null".
  return ok(canonical === "null" ? origin : canonical);
}

/** The URL that clients use. */
export function parsePublicUrl(text: string): Result<PublicUrl, string> {
  const wrong = (why: string) =>
    err(`--public-url must be a URL such as wss://chat.example.org/chat: ${why}.`);
  const url = parseUrl(text);
  if (url === null) return wrong(`${JSON.stringify(text)} is not a URL`);
  const { protocol, port, pathname, search, hash, username, password } = url;
  const hostname = withoutDot(url.hostname);
  const secure = protocol === "wss:";
  if (!secure && protocol !== "ws:") return wrong(`it must start with ws:// or wss://, not ${protocol}//`);
  if (username !== "" || password !== "") return wrong("it must not contain a user name or password");
  if (search !== "" || hash !== "") return wrong("it must not contain a query or fragment");
  if (port === "0") return wrong("the port must not be 0");
  if (hostname === "0.0.0.0" || hostname === "[::]") return wrong(`${hostname} does not name a server`);
  const path = withoutNeedlessEscapes(pathname).replace(/\/$/, "");
  if (path.includes("//") || path.endsWith("/")) return wrong("its path must not contain an empty segment");
  if (path === "/relay") return wrong("the path /relay is reserved");
  const hosts = port === "" ? [`${hostname}:${secure ? 443 : 80}`, hostname] : [`${hostname}:${port}`];
  return ok({ hostname: withoutBrackets(hostname), hosts, path, secure });
}

/** The address from which a proxy connects. */
export function parseTrustedProxy(text: string): Result<string, string> {
  const host = withoutBrackets(text.trim());
  const address = isIP(host) === 0 ? undefined : ipAddressOf(host);
  if (address === undefined || address === "0.0.0.0" || address === "::")
    return err(
      `--trust-proxy must be the IP address of a proxy, such as 127.0.0.1, not ${JSON.stringify(text)}.`,
    );
  return ok(address);
}

/** Removes the brackets of an IPv6 address in a URL. */
function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[([^\]]*)\]$/, "$1");
}

/** Removes the dot of the DNS root, which clients omit. */
function withoutDot(hostname: string): string {
  return hostname.replace(/\.$/, "");
}

function isHostName(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)*\.?$/u.test(text);
}

/** An IPv6 address with its interface, such as `fe80::1%eth0`. */
function isScopedAddress(text: string): boolean {
  return /%[\w.-]+$/.test(text) && isIP(text.replace(/%.*$/, "")) === 6;
}
