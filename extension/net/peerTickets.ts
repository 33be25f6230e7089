// The tokens that let a peer in: each for one session, once, and not for long. Used by peerListener only.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import * as v from "valibot";
import { Token, type SessionId } from "../../protocol/fields.ts";

export type PeerTickets = {
  /** Makes the token for a session, in place of any earlier one; undefined when too many are out. */
  readonly issue: (sid: SessionId, expiresMs: number) => Token | undefined;
  /** The session that a token lets into; a token is good for one call. */
  readonly redeem: (token: string) => SessionId | undefined;
  readonly revoke: (sid: SessionId) => void;
  readonly clear: () => void;
};

type Ticket = { readonly digest: Buffer; readonly expiry: NodeJS.Timeout };

/** @param max tickets that may be out at once */
export function createPeerTickets(max: number): PeerTickets {
  const tickets = new Map<SessionId, Ticket>();
  const revoke = (sid: SessionId): void => {
    clearTimeout(tickets.get(sid)?.expiry);
    tickets.delete(sid);
  };
  return {
    issue(sid, expiresMs) {
      revoke(sid);
      if (tickets.size >= max) return undefined;
      const token = v.parse(Token, randomBytes(32).toString("base64url"));
      const expiry = setTimeout(revoke, expiresMs, sid);
      tickets.set(sid, { digest: digestOf(token), expiry });
      return token;
    },
    redeem(token) {
      const shown = digestOf(token);
      let found: SessionId | undefined;
      for (const [sid, { digest }] of tickets) if (timingSafeEqual(digest, shown)) found = sid;
      if (found !== undefined) revoke(found);
      return found;
    },
    revoke,
    clear() {
      for (const sid of [...tickets.keys()]) revoke(sid);
    },
  };
}

/** Digests are all of one length, as the comparison needs it. */
function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
