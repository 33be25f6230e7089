// What the page says about messages: answering, changing, finding, delivery. Whole sentences, so that they can be
// translated; called by the components.
import type { Presence } from "../protocol/fields.ts";

export type Delivery = "waiting" | "sent" | "received" | "read";

export const deliveryTexts: Record<Delivery, string> = {
  waiting: "Waiting…",
  sent: "Sent",
  received: "Received",
  read: "Read",
};

/** Nothing is said about somebody who is there. */
export const presenceTexts: Record<Presence, string | null> = {
  here: null,
  away: "away",
  busy: "do not disturb",
};

export const texts = {
  /** Names of the small buttons at a message. */
  actions: (from: string, own: boolean) =>
    own ? "Actions for your message" : `Actions for ${from}'s message`,
  reply: (from: string, own: boolean) => (own ? "Reply to your message" : `Reply to ${from}'s message`),
  react: (from: string, own: boolean) => (own ? "React to your message" : `React to ${from}'s message`),
  edit: "Edit your message",
  retract: "Retract your message",
  retractQuestion: "Retract?",
  yes: "Yes",
  no: "No",
  yesRetract: "Yes, retract your message",
  noKeep: "No, keep your message",

  findEmoji: "Find an emoji",
  noEmoji: "No emoji has that name",

  replyingTo: (from: string) => `Replying to ${from}:`,
  editing: "Editing your message",
  cancelReply: "Cancel reply",
  cancelEditing: "Cancel editing",
  escapeCancels: (action: string) => `${action} (Escape)`,

  /** Stands for a language that nobody has named. */
  code: "code",
  copyCode: "Copy code",
  insertCode: "Insert code at cursor",
  copied: "Copied",

  edited: "(edited)",
  retracted: "Message retracted",
  showOriginal: "Show the message that this answers",
  mentionsYou: "mentions you",
  /** The name of a reaction, `names` as a list in the reader's language. */
  reaction: (emoji: string, count: number, names: string) => `${emoji} ${count}: ${names}`,

  sending: "Sending…",
  /** A change of an earlier message which is not confirmed, by its kind; `text` is the new text or the emoji. */
  changeWaits: {
    edit: (text: string) => `Your edit is on its way: ${text}`,
    retract: () => "Your retraction is on its way.",
    react: (text: string) => `Your reaction ${text} is on its way.`,
  },
  changeFailed: {
    edit: (text: string) => `Your edit did not arrive: ${text}`,
    retract: () => "Your retraction did not arrive.",
    react: (text: string) => `Your reaction ${text} did not arrive.`,
  },

  newMessages: "New messages",
  new: "New",

  typing: (name: string) => `${name} is writing…`,
  muted: "muted",

  find: (session: string) => `Find in ${session}`,
  findPlaceholder: "Find",
  nextMatch: "Next match, further back (Enter)",
  previousMatch: "Previous match (Shift+Enter)",
  closeFind: "Close the search (Escape)",
  noMatches: "No matches",
  searching: "Searching earlier messages…",
  /** `more`: earlier messages were not searched yet. */
  matchCount: (at: number, count: number, more: boolean) =>
    more ? `${at} of ${count}+` : `${at} of ${count}`,
  noMatchesYet: "No matches yet, Enter searches further back",

  /** Many people who came and went: `names` as lists in the reader's language, `others` of them not named. */
  joined: (names: string, count: number) => (count === 1 ? `${names} has joined.` : `${names} have joined.`),
  left: (names: string, count: number) => (count === 1 ? `${names} has left.` : `${names} have left.`),
  others: (count: number) => (count === 1 ? "1 other" : `${count} others`),
  showEach: "Show each",
  showTogether: "Show together",
} as const;

const lists = new Intl.ListFormat(undefined, { type: "conjunction" });

/** "anna, bobby and 5 others", in the reader's language. */
export function listText(names: readonly string[], most: number): string {
  if (names.length <= most + 1) return lists.format(names);
  return lists.format([...names.slice(0, most), texts.others(names.length - most)]);
}
