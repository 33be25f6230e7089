// Parses a URL as the WHATWG defines it, the same in each process.

/** The parts of a URL. Every JavaScript host has the class; the language itself does not. */
export type Url = {
  readonly [Part in "protocol" | "hostname" | "pathname" | "search" | "port" | "href" | "origin"]: string;
} & { username: string; password: string; hash: string };
declare const URL: new (text: string) => Url;

/**
 * Returns null for anything else. Node 20's `URL.canParse` rejects texts with letters such as `ü` after some thousand
 * calls.
 */
export function parseUrl(text: string): Url | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
