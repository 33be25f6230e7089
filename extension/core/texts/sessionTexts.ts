// What the user reads about the way of a private session: away, back, over.
import * as l10n from "@vscode/l10n";
import type { PeerSession } from "../model/session.ts";
import type { Presence } from "../../../protocol/fields.ts";

export const sessionTexts = {
  away: (peer: string, why: string | null): string =>
    why === null
      ? l10n.t("{0} cannot be reached now. The session stays; what you write waits for {0}.", peer)
      : l10n.t("{0} cannot be reached now: {1}. The session stays; what you write waits for {0}.", peer, why),
  back: (peer: string): string => l10n.t("{0} is back; nothing was lost.", peer),
  forgot: (peer: string, doubtful: number): string => {
    if (doubtful === 0) {
      return l10n.t("{0}’s window has lost its memory of this session and begins anew.", peer);
    }
    return doubtful === 1
      ? l10n.t(
          "{0}’s window has lost its memory of this session and begins anew. Your last message was never confirmed.",
          peer,
        )
      : l10n.t(
          "{0}’s window has lost its memory of this session and begins anew. Your last {1} messages were never confirmed.",
          peer,
          doubtful,
        );
  },
  wentBack: (peer: string, missing: number): string =>
    missing === 1
      ? l10n.t(
          "{0}’s window went back to an older copy of this session. Your last message may be missing there.",
          peer,
        )
      : l10n.t(
          "{0}’s window went back to an older copy of this session. Your last {1} messages may be missing there.",
          peer,
          missing,
        ),
  damaged: (peer: string): string =>
    l10n.t(
      "Some unsent messages of this session were lost to a damaged file. The others may have reached {0}: check before you send them again.",
      peer,
    ),
  memoriesDiffer: (peer: string): string =>
    l10n.t(
      "This window and {0}’s do not agree on what was said here, so that going on could lose something: the session has ended. \\fork {0} in the lobby opens a new one.",
      peer,
    ),
  unknown: (peer: string): string =>
    l10n.t(
      "{0}’s window does not know this session any more; it has ended. \\fork {0} in the lobby opens a new one.",
      peer,
    ),
  ended: ({ peer, number }: PeerSession, reason: "left" | "quit"): string =>
    reason === "left"
      ? l10n.t("{0} has left private session {1}; it is over.", peer, number)
      : l10n.t("{0} has quit; private session {1} is over.", peer, number),
  left: ({ peer, number }: PeerSession, wasAway: boolean): string =>
    wasAway
      ? l10n.t(
          "You have left private session {0} with {1}. {1} is told when their window calls.",
          number,
          peer,
        )
      : l10n.t("You have left private session {0} with {1}.", number, peer),
} as const;

export function presenceText(presence: Presence): string {
  return presenceTexts[presence];
}

/** Nothing for who is just there. */
export const presenceTexts: Readonly<Record<Presence, string>> = {
  here: "",
  away: l10n.t("away"),
  busy: l10n.t("do not disturb"),
};
