// Sentences about the state of a private session: away, reconnected, ended.
import * as l10n from "@vscode/l10n";
import type { PeerSession } from "../model/session.ts";
import type { Presence } from "../../../protocol/fields.ts";

export const sessionTexts = {
  away: (peer: string, why: string | null): string =>
    why === null
      ? l10n.t(
          "{0} can't be reached right now. The session stays open, and messages wait until {0} reconnects.",
          peer,
        )
      : l10n.t(
          "{0} can't be reached right now: {1}. The session stays open, and messages wait until {0} reconnects.",
          peer,
          why,
        ),
  back: (peer: string): string => l10n.t("{0} reconnected. No messages were lost.", peer),
  forgot: (peer: string, doubtful: number): string => {
    if (doubtful === 0) {
      return l10n.t("{0}'s window lost this session's data and started over.", peer);
    }
    return doubtful === 1
      ? l10n.t(
          "{0}'s window lost this session's data and started over. Your last message was never confirmed.",
          peer,
        )
      : l10n.t(
          "{0}'s window lost this session's data and started over. Your last {1} messages were never confirmed.",
          peer,
          doubtful,
        );
  },
  wentBack: (peer: string, missing: number): string =>
    missing === 1
      ? l10n.t(
          "{0}'s window went back to an older copy of this session. Your last message may be missing there.",
          peer,
        )
      : l10n.t(
          "{0}'s window went back to an older copy of this session. Your last {1} messages may be missing there.",
          peer,
          missing,
        ),
  damaged: (peer: string): string =>
    l10n.t(
      "Some unsent messages in this session were lost because a file was damaged. The others may have reached {0}: check before you send them again.",
      peer,
    ),
  memoriesDiffer: (peer: string): string =>
    l10n.t(
      "This window and {0}'s window disagree about the messages here. The session has ended so that nothing gets lost. \\fork {0} in the lobby opens a new one.",
      peer,
    ),
  unknown: (peer: string): string =>
    l10n.t(
      "{0}'s window no longer knows this session, so it has ended. \\fork {0} in the lobby opens a new one.",
      peer,
    ),
  ended: ({ peer, number }: PeerSession, reason: "left" | "quit"): string =>
    reason === "left"
      ? l10n.t("{0} left private session {1}. It has ended.", peer, number)
      : l10n.t("{0} quit. Private session {1} has ended.", peer, number),
  left: ({ peer, number }: PeerSession, wasAway: boolean): string =>
    wasAway
      ? l10n.t("You left private session {0} with {1}. {1} will be told when they reconnect.", number, peer)
      : l10n.t("You left private session {0} with {1}.", number, peer),
} as const;

/** About `\where` and its answers. */
export const whereTexts = {
  asking: (peer: string): string => l10n.t("Asking {0} where they are. They have a minute to answer.", peer),
  notTold: (peer: string): string => l10n.t("{0} didn't say where they are.", peer),
  question: (peer: string): string => l10n.t("{0} asks where you are. Send them your file and line?", peer),
  asked: (peer: string): string =>
    l10n.t("{0} asks where you are. To tell them, run “Chat: Show Where I Am” in this session.", peer),
  tooLate: l10n.t(
    "Nothing was sent: this request is over. “Chat: Show Where I Am” sends your file and line.",
  ),
} as const;

export function presenceText(presence: Presence): string {
  return presenceTexts[presence];
}

/** Null for people who are present. */
export const presenceTexts: Readonly<Record<Presence, string>> = {
  here: "",
  away: l10n.t("away"),
  busy: l10n.t("do not disturb"),
};
