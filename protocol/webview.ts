// Every message between the extension host and the panel's page. Both ends validate with these schemas.
//
// The page sends `ready` and gets a `snapshot`, then `patch`es whose revisions count up by one. A page that sees a gap
// sends `ready` again. Entries of a session have an index that never changes. The page holds a window of them and
// requests older ones with `more`.
import * as v from "valibot";
import { FileId, OPEN_OFFERS } from "./bulk.ts";
import { Draft, DraftChange, Entry, Index, PageAbout, PageText, SessionNumber } from "./conversation.ts";
import { Reaction } from "./fields.ts";
import { FileReference } from "./fileReference.ts";
import { bodyFields } from "./messageContent.ts";
import { PanelState, TransferName, TransferView } from "./panelState.ts";
import { LineRange } from "./part.ts";
import { CodePath } from "./partFields.ts";

export * from "./conversation.ts";
export * from "./panelState.ts";

/** Consecutive entries of one session; `index` is that of the first. */
const Entries = v.object({ session: SessionNumber, index: Index, entries: v.array(Entry) });
export type Entries = v.InferOutput<typeof Entries>;

/** How the lines of a code card compare with the reader's own file. `place` has the reader's path and lines. */
export const CodeMatch = v.object({
  state: v.picklist(["same", "moved", "changed", "unsure", "gone"]),
  place: v.exactOptional(v.object({ path: CodePath, range: LineRange })),
});
export type CodeMatch = v.InferOutput<typeof CodeMatch>;

/** From the host to the page. */
export const HostMessage = v.variant("type", [
  v.object({
    type: v.literal("snapshot"),
    revision: Index,
    state: PanelState,
    /** The newest entries of each session, at most `ENTRIES_PER_PAGE` of them. */
    entries: v.array(Entries),
    drafts: v.array(Draft),
    /** Stored in the page's persisted state, so that a reloaded window finds its conversation again. */
    windowId: v.string(),
  }),
  v.object({
    type: v.literal("patch"),
    revision: Index,
    /** The fields that changed. */
    state: v.exactOptional(v.partial(v.omit(PanelState, ["transfers"]))),
    /** There may be a thousand files, of which some change several times a second. */
    transfers: v.exactOptional(v.object({ changed: v.array(TransferView), gone: v.array(TransferName) })),
    entries: v.array(Entries),
    /** Existing entries that changed. */
    amended: v.exactOptional(v.array(v.object({ session: SessionNumber, index: Index, entry: Entry }))),
    drafts: v.exactOptional(v.array(DraftChange)),
  }),
  /** Answers `more`. */
  v.object({ type: v.literal("page"), session: SessionNumber, index: Index, entries: v.array(Entry) }),
  /**
   * Answers `submit`. A message that was not accepted returns to the composer, as do lines sent behind a command that
   * failed.
   */
  v.object({
    type: v.literal("submitted"),
    id: Index,
    accepted: v.boolean(),
    /** The session to which a command switched. */
    to: v.exactOptional(SessionNumber),
  }),
  /** Answers `activate`, behind the patch that says which session is active. A hidden page gets a snapshot later instead. */
  v.object({ type: v.literal("activated"), id: Index }),
  /** Comes before `submitted` if a command asks another person: the answer may take a minute. */
  v.object({ type: v.literal("asking"), id: Index }),
  /** Answers `copyText`, once the text is on the clipboard. */
  v.object({ type: v.literal("copied"), id: Index }),
  /** Answers `addFile`, once the file is in the composer or the user is told why not. */
  v.object({ type: v.literal("taken"), id: Index }),
  /** Answers `code`. */
  v.object({
    type: v.literal("match"),
    session: SessionNumber,
    index: Index,
    match: CodeMatch,
  }),
  /** What `match` said may no longer hold. */
  v.object({ type: v.literal("stale"), session: SessionNumber, index: Index }),
  v.object({ type: v.literal("focus") }),
  /** Scrolls to an entry, which the page may have to request first. */
  v.object({ type: v.literal("reveal"), session: SessionNumber, index: Index }),
  /** Opens the find bar of the session. */
  v.object({ type: v.literal("find") }),
]);
export type HostMessage = v.InferOutput<typeof HostMessage>;

/** Entries in a snapshot's window or in an answer to `more`: several screens. */
export const ENTRIES_PER_PAGE = 100;

/** Bytes of a file that the page reads itself: it has them in memory. */
export const PAGE_FILE_BYTES = 32_000_000;

/** Characters of a file's address: of the longest path on Linux, with an escape for each of its bytes. */
export const ADDRESS_CHARACTERS = 16_384;

/** From the page to the host. */
export const PageMessage = v.variant("type", [
  /** `above`: where the reader is if not at the end, from a page that missed a patch. */
  v.object({
    type: v.literal("ready"),
    above: v.exactOptional(v.pipe(v.array(SessionNumber), v.maxLength(1000))),
  }),
  /** The reader has reached or left the end of a session's log. Initially they are there. */
  v.object({ type: v.literal("reading"), session: SessionNumber, atEnd: v.boolean() }),
  /** A line as typed, a command or a message. `id` counts up and is answered by `submitted`. */
  v.object({
    type: v.literal("submit"),
    id: Index,
    session: SessionNumber,
    ...bodyFields(PageText, PageAbout),
    /** The id of the attachment that the composer shows. No other is sent. */
    attached: v.exactOptional(v.string()),
  }),
  /** Removes the composer's attachment. */
  v.object({ type: v.literal("detach"), session: SessionNumber }),
  v.object({ type: v.literal("retract"), session: SessionNumber, index: Index }),
  v.object({
    type: v.literal("react"),
    session: SessionNumber,
    index: Index,
    text: Reaction,
    on: v.boolean(),
  }),
  /** The user has started or stopped typing. */
  v.object({ type: v.literal("typing"), session: SessionNumber, value: v.boolean() }),
  /** A link in a message: the host asks the user and opens it. */
  v.object({ type: v.literal("openLink"), url: v.pipe(v.string(), v.maxLength(2048)) }),
  /** A link to a file: the host looks for it in the open folders. */
  v.object({ type: v.literal("openFile"), reference: FileReference }),
  /**
   * For the card of a message with code: `match` looks for its lines in the reader's files, `open` shows them there, and
   * `compare` shows the sent text beside them. The host takes the code from its own state. `match` is answered by `match`;
   * so are the others when the answer has changed.
   */
  v.object({
    type: v.literal("code"),
    action: v.picklist(["match", "open", "compare"]),
    session: SessionNumber,
    index: Index,
  }),
  /** A button on the card of a file. */
  v.object({
    type: v.literal("file"),
    action: v.picklist(["save", "saveAll", "open", "show", "pause", "resume", "cancel"]),
    session: SessionNumber,
    index: Index,
  }),
  /** Puts files into the composer of a private session: dropped ones, by their addresses. */
  v.object({
    type: v.literal("addFiles"),
    session: SessionNumber,
    uris: v.pipe(v.array(v.pipe(v.string(), v.maxLength(ADDRESS_CHARACTERS))), v.maxLength(OPEN_OFFERS)),
  }),
  /** The same for a file without an address: a pasted picture, or a file of the system. The next one follows `taken`. */
  v.object({
    type: v.literal("addFile"),
    id: Index,
    session: SessionNumber,
    name: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
    bytes: v.pipe(
      v.instance(Uint8Array),
      v.check(({ length }) => length <= PAGE_FILE_BYTES),
    ),
  }),
  /** A file could not be put into a composer: the lobby has none, it is too large, the page cannot read or draw it, or there are too many. */
  v.object({
    type: v.literal("notAdded"),
    session: SessionNumber,
    why: v.picklist(["lobby", "large", "unreadable", "undrawn", "many"]),
    name: v.pipe(v.string(), v.maxLength(255)),
  }),
  v.object({ type: v.literal("removeFile"), session: SessionNumber, id: FileId }),
  /** Offers files of a composer. */
  v.object({
    type: v.literal("sendFiles"),
    session: SessionNumber,
    ids: v.pipe(v.array(FileId), v.maxLength(OPEN_OFFERS)),
  }),
  /** A button on the card of changes. */
  v.object({
    type: v.literal("changes"),
    action: v.picklist(["review", "apply", "save"]),
    session: SessionNumber,
    index: Index,
  }),
  /** The actions of a code block: copy, answered by `copied`, or insert into the last active editor. */
  v.object({ type: v.literal("copyText"), id: Index, text: PageText }),
  v.object({ type: v.literal("insertCode"), text: PageText }),
  /** Switches to a session. The page shows it at once. `id` counts up and is answered by `activated`. */
  v.object({ type: v.literal("activate"), id: Index, session: SessionNumber }),
  /** Closes a peer session, like `\leave`. */
  v.object({ type: v.literal("leave"), session: SessionNumber }),
  v.object({ type: v.literal("cancelFork"), id: v.string() }),
  /** Requests entries before an index. */
  v.object({ type: v.literal("more"), session: SessionNumber, before: Index }),
  v.object({ type: v.literal("draft"), ...Draft.entries }),
  /** Resends or discards a failed message. */
  v.object({ type: v.literal("retry"), session: SessionNumber, id: v.string() }),
  v.object({ type: v.literal("discard"), session: SessionNumber, id: v.string() }),
  /** Opens or closes the dialog with a session's safety number, or reports the result of the comparison. */
  v.object({ type: v.literal("verify"), session: SessionNumber, open: v.boolean() }),
  v.object({ type: v.literal("verified"), session: SessionNumber, value: v.boolean() }),
  /** A button of the empty state or of the connection status. */
  v.object({ type: v.literal("run"), command: v.picklist(["join", "startServer", "diagnose"]) }),
]);
export type PageMessage = v.InferOutput<typeof PageMessage>;

/** Long texts that are expanded, by their indices. */
const UnfoldedTexts = v.array(v.object({ session: SessionNumber, indices: v.array(Index) }));
export type UnfoldedTexts = v.InferOutput<typeof UnfoldedTexts>;

/** What the page stores through VS Code's webview state. */
export const PersistedPage = v.object({
  windowId: v.pipe(v.string(), v.regex(/^[0-9a-f]{16,64}$/)),
  /** A damaged field must not lose the others. */
  unfolded: v.fallback(v.optional(UnfoldedTexts, []), []),
});
export type PersistedPage = v.InferOutput<typeof PersistedPage>;

/**
 * Characters that the composer accepts: two of the longest messages, so that a long text can be shortened or sent in
 * parts. The work per key grows with the text.
 */
export const COMPOSER_CHARACTERS = 32 * 1024;

/** Whether a typed text is a command. One backslash starts a command; two start a message with a literal backslash. */
export function isCommandLine(text: string): boolean {
  return text.startsWith("\\") && !text.startsWith("\\\\");
}
