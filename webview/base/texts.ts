// The page's texts about messages: replying, changing, finding, delivery. Whole sentences, so that they can be
// translated.
import * as l10n from "@vscode/l10n";
import type { Presence } from "../../protocol/fields.ts";
import type { SessionView } from "../../protocol/webview.ts";
import { locale } from "./language.ts";

export type Delivery = "waiting" | "sent" | "received" | "read";

export const deliveryTexts: Record<Delivery, string> = {
  waiting: l10n.t("Waiting…"),
  sent: l10n.t("Sent"),
  received: l10n.t("Received"),
  read: l10n.t("Read"),
};

/** Null for people who are present. */
export const presenceTexts: Record<Presence, string | null> = {
  here: null,
  away: l10n.t("away"),
  busy: l10n.t("do not disturb"),
};

/** An open session has no state text. */
export const sessionStates: Record<Exclude<SessionView["state"], "open">, string> = {
  closed: l10n.t("closed"),
  waiting: l10n.t("away"),
  ended: l10n.t("ended"),
};

export const texts = {
  /** Names of a message's small buttons. */
  actions: (from: string, own: boolean) =>
    own ? l10n.t("Actions for your message") : l10n.t("Actions for {0}'s message", from),
  reply: (from: string, own: boolean) =>
    own ? l10n.t("Reply to your message") : l10n.t("Reply to {0}'s message", from),
  react: (from: string, own: boolean) =>
    own ? l10n.t("React to your message") : l10n.t("React to {0}'s message", from),
  edit: l10n.t("Edit your message"),
  retract: l10n.t("Retract your message"),
  retractQuestion: l10n.t("Retract?"),
  yes: l10n.t("Yes"),
  no: l10n.t("No"),
  yesRetract: l10n.t("Yes, retract your message"),
  noKeep: l10n.t("No, keep your message"),

  findEmoji: l10n.t("Find an emoji"),
  noEmoji: l10n.t("No emoji has that name"),

  replyingTo: (from: string) => l10n.t("Replying to {0}:", from),
  replyingToLine: (from: string, line: number) => l10n.t("Replying to line {1} from {0}:", from, line),
  editing: l10n.t("Editing your message"),
  cancel: {
    reply: { name: l10n.t("Cancel reply"), title: l10n.t("Cancel reply (Escape)") },
    edit: { name: l10n.t("Cancel editing"), title: l10n.t("Cancel editing (Escape)") },
  },

  /** The label of a code block without a language. */
  code: l10n.t("code"),
  copyCode: l10n.t("Copy code"),
  insertCode: l10n.t("Insert code at cursor"),
  copied: l10n.t("Copied"),

  /** The tooltip of a private session's mark. */
  opened: (mark: "P->" | "P~>", name: string, introducedBy: string | undefined) => {
    if (introducedBy !== undefined) return l10n.t("{0} introduced you to {1}", introducedBy, name);
    return mark === "P->" ? l10n.t("You opened this session") : l10n.t("{0} opened this session", name);
  },

  edited: l10n.t("(edited)"),
  retracted: l10n.t("Message retracted"),
  inReplyTo: (from: string) => l10n.t("in reply to {0}", from),
  showOriginal: l10n.t("Show the original message"),
  mentionsYou: l10n.t("mentions you"),
  /** The name of a reaction, `names` as a list in the reader's language. */
  reaction: (emoji: string, count: number, names: string) => `${emoji} ${count}: ${names}`,

  sending: l10n.t("Sending…"),
  unsaved: l10n.t("Waiting, not saved"),
  /** An unconfirmed change of an earlier message, by its kind; `text` is the new text or the emoji. */
  changeWaits: {
    edit: (text: string) => l10n.t("Sending your edit: {0}", text),
    retract: () => l10n.t("Retracting your message…"),
    react: (text: string) => l10n.t("Sending your reaction {0}…", text),
  },
  changeFailed: {
    edit: (text: string) => l10n.t("Your edit wasn't delivered: {0}", text),
    retract: () => l10n.t("Your retraction wasn't delivered."),
    react: (text: string) => l10n.t("Your reaction {0} wasn't delivered.", text),
  },

  newMessages: l10n.t("New messages"),
  new: l10n.t("New"),
  unreadFrom: (count: number, author: string) =>
    count === 1
      ? l10n.t("1 unread message from {0}", author)
      : l10n.t("{0} unread messages from {1}", count, author),
  unreadInLobby: (count: number, author: string) =>
    count === 1
      ? l10n.t("1 unread message in the lobby from {0}", author)
      : l10n.t("{0} unread messages in the lobby, the latest from {1}", count, author),
  /** Messages that arrived since the reader left the end. */
  fresh: (count: number) => (count === 1 ? l10n.t("1 new") : l10n.t("{0} new", count)),
  unread: (count: number) => (count === 1 ? l10n.t("1 unread") : l10n.t("{0} unread", count)),

  diagnose: l10n.t("Diagnose Connection"),
  /** The name of a button that also shows the state. */
  diagnoseState: (state: string) => l10n.t("{0}, diagnose connection", state),

  typing: (name: string) => l10n.t("{0} is typing…", name),
  writes: l10n.t("typing…"),
  muted: l10n.t("muted"),

  find: (session: string) => l10n.t("Find in {0}", session),
  findPlaceholder: l10n.t("Find"),
  previousMatch: l10n.t("Previous match (Enter)"),
  nextMatch: l10n.t("Next match (Shift+Enter)"),
  closeFind: l10n.t("Close search (Escape)"),
  noMatches: l10n.t("No matches"),
  searching: l10n.t("Searching earlier messages…"),
  /** `more`: earlier messages have not been searched yet. */
  matchCount: (at: number, count: number, more: boolean) =>
    more ? l10n.t("{0} of {1}+", at, count) : l10n.t("{0} of {1}", at, count),
  noMatchesYet: l10n.t("No matches yet. Press Enter to search further back"),

  /** Several join or quit lines: `names` as lists in the reader's language, without `others` more. */
  joined: (names: string, count: number) =>
    count === 1 ? l10n.t("{0} has joined.", names) : l10n.t("{0} have joined.", names),
  left: (names: string, count: number) =>
    count === 1 ? l10n.t("{0} has left.", names) : l10n.t("{0} have left.", names),
  others: (count: number) => (count === 1 ? l10n.t("1 other") : l10n.t("{0} others", count)),
  showAll: l10n.t("Show all"),
  showLess: l10n.t("Show less"),
  showEach: l10n.t("Show individually"),
  showTogether: l10n.t("Show grouped"),
} as const;

const lists = new Intl.ListFormat(locale, { type: "conjunction" });

/** "anna, bobby, and 5 others", in the reader's language. */
export function listText(names: readonly string[], most: number): string {
  if (names.length <= most + 1) return lists.format(names);
  return lists.format([...names.slice(0, most), texts.others(names.length - most)]);
}
