// Every message between the extension host and the panel's page. Both ends validate with these schemas.
//
// The page says `ready` and gets a `snapshot`; then `patch`es whose revisions count up by one. A page that sees
// a gap says `ready` again. Entries of a session bear an index that never changes: the page holds a window of
// them and asks for older ones with `more`.
import * as v from "valibot";
import { Draft, DraftChange, Entry, Index, PageAbout, PageText, SessionNumber } from "./conversation.ts";
import { Reaction } from "./fields.ts";
import { bodyFields } from "./messageContent.ts";
import { PanelState } from "./panelState.ts";

export * from "./conversation.ts";
export * from "./panelState.ts";

/** Consecutive entries of one session; `index` is that of the first. */
const Entries = v.object({ session: SessionNumber, index: Index, entries: v.array(Entry) });
export type Entries = v.InferOutput<typeof Entries>;

/** From the host to the page. */
export const HostMessage = v.variant("type", [
  v.object({
    type: v.literal("snapshot"),
    revision: Index,
    state: PanelState,
    /** The newest entries of each session, at most `ENTRIES_PER_PAGE` of them. */
    entries: v.array(Entries),
    drafts: v.array(Draft),
    /** Kept by the page in its persisted state, so that a reloaded window finds its conversation again. */
    windowId: v.string(),
  }),
  v.object({
    type: v.literal("patch"),
    revision: Index,
    /** The fields that have changed. */
    state: v.exactOptional(v.partial(PanelState)),
    entries: v.array(Entries),
    /** Entries that were there and have changed. */
    amended: v.exactOptional(v.array(v.object({ session: SessionNumber, index: Index, entry: Entry }))),
    drafts: v.exactOptional(v.array(DraftChange)),
  }),
  /** Answers `more`. */
  v.object({ type: v.literal("page"), session: SessionNumber, index: Index, entries: v.array(Entry) }),
  /**
   * Answers `submit`: a message that was not accepted goes back to the composer, and so does what was sent behind a command
   * that was not carried out.
   */
  v.object({
    type: v.literal("submitted"),
    id: Index,
    accepted: v.boolean(),
    /** Where a command has led that leads elsewhere. */
    to: v.exactOptional(SessionNumber),
  }),
  /** Before `submitted`, when a command asks another person: the answer may take a minute. */
  v.object({ type: v.literal("asking"), id: Index }),
  /** Answers `copyText`, once the text is on the clipboard. */
  v.object({ type: v.literal("copied"), id: Index }),
  v.object({ type: v.literal("focus") }),
  /** Scrolls to an entry, which may have to be asked for first. */
  v.object({ type: v.literal("reveal"), session: SessionNumber, index: Index }),
  /** Opens the bar that finds text in the session. */
  v.object({ type: v.literal("find") }),
]);
export type HostMessage = v.InferOutput<typeof HostMessage>;

/** Entries in a snapshot's window or in an answer to `more`: some screens full. */
export const ENTRIES_PER_PAGE = 100;

/** From the page to the host. */
export const PageMessage = v.variant("type", [
  /** `above`: where its reader is not at the end, on a page that has lost a patch. */
  v.object({
    type: v.literal("ready"),
    above: v.exactOptional(v.pipe(v.array(SessionNumber), v.maxLength(1000))),
  }),
  /** The reader of a session's log has come to its end, or has left it; at first they are there. */
  v.object({ type: v.literal("reading"), session: SessionNumber, atEnd: v.boolean() }),
  /** A line as typed, a command or a message; `id` counts up and is answered by `submitted`. */
  v.object({
    type: v.literal("submit"),
    id: Index,
    session: SessionNumber,
    ...bodyFields(PageText, PageAbout),
  }),
  v.object({ type: v.literal("retract"), session: SessionNumber, index: Index }),
  v.object({
    type: v.literal("react"),
    session: SessionNumber,
    index: Index,
    text: Reaction,
    on: v.boolean(),
  }),
  /** The user has begun to write, or has stopped. */
  v.object({ type: v.literal("typing"), session: SessionNumber, value: v.boolean() }),
  /** A link of a message: the host asks, and opens it. */
  v.object({ type: v.literal("openLink"), url: v.pipe(v.string(), v.maxLength(2048)) }),
  /** What a block of code offers: to the clipboard, answered by `copied`, or into the editor that was used last. */
  v.object({ type: v.literal("copyText"), id: Index, text: PageText }),
  v.object({ type: v.literal("insertCode"), text: PageText }),
  v.object({ type: v.literal("activate"), session: SessionNumber }),
  /** Closes a peer session, as `\leave` in it. */
  v.object({ type: v.literal("leave"), session: SessionNumber }),
  v.object({ type: v.literal("cancelFork"), id: v.string() }),
  /** Asks for entries before an index. */
  v.object({ type: v.literal("more"), session: SessionNumber, before: Index }),
  v.object({ type: v.literal("draft"), ...Draft.entries }),
  /** Sends a failed message again, or gives it up. */
  v.object({ type: v.literal("retry"), session: SessionNumber, id: v.string() }),
  v.object({ type: v.literal("discard"), session: SessionNumber, id: v.string() }),
  /** Opens or closes the dialog with a session's number; and what came out of comparing it. */
  v.object({ type: v.literal("verify"), session: SessionNumber, open: v.boolean() }),
  v.object({ type: v.literal("verified"), session: SessionNumber, value: v.boolean() }),
  /** A button of the empty state, or of what says how the connection is. */
  v.object({ type: v.literal("run"), command: v.picklist(["join", "startServer", "diagnose"]) }),
]);
export type PageMessage = v.InferOutput<typeof PageMessage>;

/** Long texts that are shown whole, by their indices. */
const UnfoldedTexts = v.array(v.object({ session: SessionNumber, indices: v.array(Index) }));
export type UnfoldedTexts = v.InferOutput<typeof UnfoldedTexts>;

/** What the page keeps with the window, through VS Code's webview state. */
export const PersistedPage = v.object({
  windowId: v.pipe(v.string(), v.regex(/^[0-9a-f]{16,64}$/)),
  /** What is wrong in it loses the window nothing else. */
  unfolded: v.fallback(v.optional(UnfoldedTexts, []), []),
});
export type PersistedPage = v.InferOutput<typeof PersistedPage>;

/**
 * Characters that can be typed or pasted into the composer: two of the longest messages, so that a text that is too long can
 * still be shortened or sent in parts. The work for each key grows with the text.
 */
export const COMPOSER_CHARACTERS = 32 * 1024;

/** Whether a typed text is a command: a backslash begins one, two of them a message with a literal backslash. */
export function isCommandLine(text: string): boolean {
  return text.startsWith("\\") && !text.startsWith("\\\\");
}
