// Tickets of the server's relay, for bulk links that have no other way. A session waits for one at a time.
import type { SessionId } from "../../../protocol/fields.ts";
import type { RelayMeeting } from "../../core/model/ports.ts";

export type BulkTickets = {
  /** Asks for a ticket. Resolves with null if there is none in time. */
  get(session: SessionId): Promise<RelayMeeting | null>;
  /** The answer, or null to wait no longer. */
  answer(session: SessionId, meeting: RelayMeeting | null): void;
};

/**
 * @param ask asks for a ticket, which `answer` then brings
 * @param mostMs milliseconds until the answer: a server that is gone gives none
 */
export function createBulkTickets(ask: (session: SessionId) => void, mostMs: number): BulkTickets {
  const waiting = new Map<SessionId, (meeting: RelayMeeting | null) => void>();
  const answer: BulkTickets["answer"] = (session, meeting) => waiting.get(session)?.(meeting);
  return {
    answer,
    get(session) {
      answer(session, null);
      return new Promise((resolve) => {
        const timer = setTimeout(() => answer(session, null), mostMs);
        waiting.set(session, (meeting) => {
          clearTimeout(timer);
          waiting.delete(session);
          resolve(meeting);
        });
        ask(session);
      });
    },
  };
}
