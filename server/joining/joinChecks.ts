// Decides whether a client may ask the hall for a name. The checks run in order, each with its sentence for refused clients.
// Changes only the key's budget.
import * as v from "valibot";
import type { RefusedCode } from "../../protocol/errors.ts";
import { Host, type Pin } from "../../protocol/fields.ts";
import { parseName } from "../../protocol/nameRules.ts";
import type { ClientMessage } from "../../protocol/rendezvous.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { AccessToken } from "../admission/accessToken.ts";
import type { Client } from "../names/client.ts";
import { hostHint } from "../admission/hostRules.ts";
import { provenPin } from "./joinProof.ts";

export type Join = Extract<ClientMessage, { type: "join" }>;

export type Refusal = {
  readonly code: RefusedCode;
  readonly text: string;
  readonly retryMs?: number;
  readonly host?: string;
};

/** What the log says about a refusal, with advice for the usual proxy problem. */
export function refusalForLog({ code, host }: Refusal): Record<string, string> {
  if (code !== "signature") return { code };
  return { code, host: host ?? "", hint: hostHint(host ?? "") };
}

/** The cheap checks, which come first: the token, and the form of the name, which is returned. */
export function checkClaim(join: Join, accessToken: AccessToken | undefined): Result<string, Refusal> {
  if (accessToken !== undefined && !accessToken.fits(join.token)) {
    return err(
      join.token === undefined
        ? { code: "token-missing", text: "This server requires a token." }
        : { code: "token-wrong", text: "This isn't the server's token." },
    );
  }
  return parseName(join.name);
}

/** Too many wrong signatures came from this address, or an earlier `join` of this connection has no answer yet. */
export function tooManyProofs(retryMs: number): Refusal {
  return {
    code: "rate-limited",
    text: "Too many attempts to join from this address. Wait a moment, then try again.",
    retryMs,
  };
}

/** The servers of the lobby have as many members as a client takes in a list. */
export const full: Refusal = {
  code: "rate-limited",
  text: "The lobby is full. Wait a moment, then try again.",
  retryMs: 10_000,
};

/** The name is free, but would be mistaken for another. */
export function lookalike(name: string): Refusal {
  return {
    code: "name-lookalike",
    text: `Someone has a name that looks like “${name}”. Choose another name.`,
  };
}

/**
 * The key that the client has proven to hold.
 * @param takeJoin takes one join from a key's budget: 0, or the milliseconds until there is one
 */
export function checkProof(client: Client, join: Join, takeJoin: (pin: Pin) => number): Result<Pin, Refusal> {
  const pin = provenPin(join, client.dialled, client.nonce);
  if (pin === undefined) {
    return err({
      code: "signature",
      text: "The signature isn't valid for this key, connection, and host.",
      ...(v.is(Host, client.host) ? { host: client.host.toLowerCase() } : {}),
    });
  }
  const retryMs = takeJoin(pin);
  if (retryMs > 0) {
    return err({
      code: "rate-limited",
      text: "This key has joined too often. Wait a moment, then try again.",
      retryMs,
    });
  }
  return ok(pin);
}
