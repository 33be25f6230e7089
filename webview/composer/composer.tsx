// The composer: sends, edits, recalls, completes. Its text is in the store.
import * as l10n from "@vscode/l10n";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isBlank } from "../../protocol/blank.ts";
import { utf8Length } from "../../protocol/codec.ts";
import { limits } from "../../protocol/limits.ts";
import { isCommandLine, type SessionView } from "../../protocol/webview.ts";
import { AboutBar, aboutId } from "./aboutBar.tsx";
import { AttachedBar, attachedId } from "./attachedBar.tsx";
import { Candidates, candidateId, candidatesId } from "./candidates.tsx";
import type { CompletionSource } from "./completion.ts";
import { isForInputMethod } from "../base/inputMethod.ts";
import { SendIcon } from "../base/icons.tsx";
import { FilesBar, filesId } from "./filesBar.tsx";
import { Length, NoRoom, tooLongId } from "./length.tsx";
import { codeBytes } from "../store/attachedCode.ts";
import type { PanelStore } from "../store/panelStore.ts";
import { recalled } from "../store/recall.ts";
import { texts } from "../base/texts.ts";
import { takePasted } from "./givenFiles.ts";
import { useCompletion } from "./useCompletion.ts";
import { useDrops } from "./useDrops.ts";
import { useRoom } from "./useRoom.ts";

/** The id of the line that says that text waits. */
export const waitsId = "waits";

const nothing: CompletionSource = {
  ...{ commands: [], users: [], sessions: [] },
  targets: { forkable: [], blockable: [], blocked: [], asking: [], linked: [], connected: [] },
};

type ComposerProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly source: CompletionSource;
  readonly input: RefObject<HTMLTextAreaElement | null>;
  /** Scrolls the log by pages. */
  readonly onPage: (pages: number) => void;
};

type KeyEvent = KeyboardEvent & { readonly currentTarget: HTMLTextAreaElement };

export function Composer({ store, session, source, input, onPage }: ComposerProps) {
  const { number } = session;
  const { composer } = store;
  const about = composer.about(number);
  const text = composer.text(number);
  const [caret, setCaret] = useState(0);
  /** Where it belongs once the field gets focus: Chromium restores the caret to where it was when focus left. */
  const caretAtFocus = useRef<number | null>(null);

  useLayoutEffect(() => {
    const element = input.current;
    if (element === null || element.value === text) return;
    element.value = text;
    const at = text.length;
    element.setSelectionRange(at, at);
    caretAtFocus.current = document.activeElement === element ? null : at;
    element.scrollTop = element.scrollHeight;
    setCaret(at);
  }, [text, number]);
  useEffect(() => () => composer.stopTyping(), [number]);

  const walking = text !== "" && recalled(composer.recall.state.value) === text;
  // An edited message never becomes a command.
  const isCommand = isCommandLine(text) && about?.kind !== "edit";
  const completion = useCompletion({
    session: number,
    text,
    caret,
    source: about?.kind === "edit" && isCommandLine(text) ? nothing : source,
    quiet: walking || composer.isFollowed(number),
    onAccept: (from, to, insert) => {
      input.current?.focus();
      input.current?.setSelectionRange(from, to);
      // oxlint-disable-next-line typescript/no-deprecated -- nothing else puts text into a field so that Undo knows it
      document.execCommand("insertText", false, insert);
    },
  });
  const { candidates, selected } = completion;
  const isDropTarget = useDrops(store, session);
  const room = useRoom(number, text, (former) => composer.setText(number, former));

  const attached = composer.attached(session);
  const literal = isCommand || about?.kind === "edit";
  const words = utf8Length(literal ? text : text.replace(/^\\\\/, "\\"));
  // Between the words and the code is an empty line.
  const code = isCommand ? 0 : (attached?.bytes ?? codeBytes(store.model.value?.logs.get(number), about));
  const bytes = words + code + (code > 0 && words > 0 ? 2 : 0);
  const tooLong = bytes > limits.textBytes;
  const hasWords = !isBlank(text) || code > 0;
  // An edit and a command leave the files for the message after them.
  const files = literal ? [] : (session.files ?? []);
  const isEmpty = !hasWords && files.length === 0;

  const send = () => {
    if (tooLong || isEmpty) return;
    // Another session may be active, which is about to be shown.
    if (store.model.peek()?.stale === true) return;
    if (hasWords) composer.submit(number);
    if (files.length > 0)
      composer.sendFiles(
        number,
        files.map(({ id }) => id),
      );
    completion.forget();
  };
  const walk = (key: string, element: HTMLTextAreaElement): boolean => {
    if (about?.kind === "edit") return false;
    const atEnd = element.selectionStart === text.length && element.selectionEnd === text.length;
    if (text !== "" && !(walking && atEnd)) return false;
    if (key === "ArrowUp") composer.walk(number, "older");
    else if (key === "ArrowDown" && walking) composer.walk(number, "newer");
    else return false;
    return true;
  };
  /** Up in an empty composer edits the user's last message if possible; otherwise it recalls. */
  const editLast = (key: string): boolean =>
    key === "ArrowUp" && text === "" && about === undefined && store.editLast(number);
  const lastFile = session.files?.at(-1);
  const cancel = (): boolean => {
    if (about !== undefined) composer.cancel(number);
    else if (attached !== undefined) composer.detach(number, attached.id);
    else if (lastFile !== undefined) store.send({ type: "removeFile", session: number, id: lastFile.id });
    else return false;
    return true;
  };

  const onKeyDown = (event: KeyEvent) => {
    // While an input method composes, its Enter accepts a word and does not send. Only the browser knows when that
    // ends: setting the field's text also ends a composition, without a `compositionend`.
    if (isForInputMethod(event) || event.altKey) return;
    if (event.ctrlKey || event.metaKey ? walk(event.key, event.currentTarget) : handled(event)) {
      event.preventDefault();
    }
  };
  const handled = (event: KeyEvent): boolean => {
    const { key } = event;
    if (key !== "ArrowUp") store.dropEditWish();
    if (event.shiftKey) return false;
    if (completion.inList(key) || editLast(key) || walk(key, event.currentTarget)) return true;
    if (key === "Tab") return completion.tab();
    if (key === "Escape") return cancel();
    if (key === "Enter") send();
    else if (key === "PageUp") onPage(-1);
    else if (key === "PageDown") onPage(1);
    else return false;
    return true;
  };
  const follow = (event: { readonly currentTarget: HTMLTextAreaElement }) =>
    setCaret(event.currentTarget.selectionStart);
  const described = [
    ...(about === undefined ? [] : [aboutId]),
    ...(attached === undefined ? [] : [attachedId]),
    ...(lastFile === undefined ? [] : [filesId]),
    ...(tooLong ? [tooLongId] : session.state === "waiting" ? [waitsId] : []),
  ];

  return (
    <div class={`composer ${isDropTarget ? "drop-target" : ""}`}>
      {candidates.length === 0 ? null : (
        <Candidates candidates={candidates} selected={selected} onPick={completion.accept} />
      )}
      {about === undefined ? null : (
        <AboutBar
          about={about}
          isAttached={attached !== undefined}
          onCancel={() => {
            cancel();
            input.current?.focus();
          }}
        />
      )}
      {attached === undefined ? null : (
        <AttachedBar
          session={session}
          attached={attached}
          onRemove={() => {
            composer.detach(number, attached.id);
            input.current?.focus();
          }}
        />
      )}
      {lastFile === undefined ? null : <FilesBar {...{ store, session, input }} />}
      <div class={`box ${tooLong ? "invalid" : ""}`}>
        <textarea
          // Each session has a field of its own, so that Undo brings no text of another one.
          key={number}
          ref={input}
          class="input"
          aria-label={l10n.t("Message")}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={candidates.length === 0 ? undefined : candidatesId}
          aria-activedescendant={selected === null ? undefined : candidateId(selected)}
          aria-invalid={tooLong}
          aria-describedby={described.length === 0 ? undefined : described.join(" ")}
          placeholder={
            about?.kind === "edit"
              ? texts.edit
              : session.number === 0
                ? l10n.t("Message everyone in the lobby")
                : l10n.t("Message {0}", session.name)
          }
          dir="auto"
          rows={1}
          spellcheck
          onBeforeInput={room.onBeforeInput}
          onInput={(event) => {
            if (room.refuses(event)) return;
            composer.type(number, event.currentTarget.value, session.peer !== undefined);
            follow(event);
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => takePasted(store, session, event)}
          onKeyUp={follow}
          onClick={follow}
          onFocus={({ currentTarget }) => {
            const at = caretAtFocus.current;
            caretAtFocus.current = null;
            if (at !== null) currentTarget.setSelectionRange(at, at);
          }}
          onBlur={() => {
            store.dropEditWish();
            composer.flush();
            composer.stopTyping();
          }}
          onCompositionStart={room.onCompositionStart}
          onCompositionEnd={room.onCompositionEnd}
        />
        <button
          class="send"
          type="button"
          aria-label={l10n.t("Send")}
          title={l10n.t("Send (Enter)")}
          aria-disabled={tooLong || isEmpty}
          onClick={() => {
            send();
            input.current?.focus();
          }}
        >
          <SendIcon />
        </button>
      </div>
      <NoRoom refused={room.refused} />
      <Length bytes={bytes} />
    </div>
  );
}
