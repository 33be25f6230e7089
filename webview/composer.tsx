// Where a line is written: sends, recalls, completes. Its text lives in the store as the session's draft.
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { utf8Length } from "../protocol/codec.ts";
import { limits } from "../protocol/limits.ts";
import { isCommandLine, type SessionView } from "../protocol/webview.ts";
import { Candidates, candidateId, candidatesId } from "./candidates.tsx";
import { complete, type Candidate, type Completion, type CompletionSource } from "./completion.ts";
import { SendIcon } from "./icons.tsx";
import type { PanelStore } from "./panelStore.ts";
import { recalled } from "./recall.ts";

/** From this share of the limit on the length is shown. */
const NEAR_LIMIT = 0.9;

/** Of the line that says that what is written waits. */
export const waitsId = "waits";

const tooLongId = "too-long";

type ComposerProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly source: CompletionSource;
  readonly input: RefObject<HTMLTextAreaElement | null>;
  /** Scrolls the log by pages. */
  readonly onPage: (pages: number) => void;
};

/** What the reader has decided about the completion at one place: the list was called, or sent away. */
type Choice = { readonly place: string; readonly shown: boolean; readonly selected: number | null };

export function Composer({ store, session, source, input, onPage }: ComposerProps) {
  const { number } = session;
  const text = store.draft(number);
  const [caret, setCaret] = useState(0);
  const [choice, setChoice] = useState<Choice | null>(null);
  const composing = useRef(false);
  /** Where the caret belongs after the text was changed from here; else at its end. */
  const nextCaret = useRef<number | null>(null);

  useLayoutEffect(() => {
    const element = input.current;
    if (element === null || element.value === text) return;
    element.value = text;
    const at = nextCaret.current ?? text.length;
    nextCaret.current = null;
    element.setSelectionRange(at, at);
    element.scrollTop = element.scrollHeight;
    setCaret(at);
  }, [text, number]);

  const walking = text !== "" && recalled(store.recall.value) === text;
  const completion = complete(text, Math.min(caret, text.length), source);
  const place = completion === null ? "" : `${number} ${completion.kind} ${completion.from}`;
  const chosen = choice?.place === place ? choice : null;
  const shown = completion !== null && (chosen?.shown ?? (completion.kind !== "name" && !walking));
  const candidates = shown ? completion.candidates : [];
  const selected = candidates.length === 0 ? null : (chosen?.selected ?? null);

  const bytes = utf8Length(isCommandLine(text) ? text : text.replace(/^\\\\/, "\\"));
  const tooLong = bytes > limits.textBytes;

  const accept = (target: Completion, candidate: Candidate) => {
    nextCaret.current = target.from + candidate.insert.length;
    store.setDraft(number, text.slice(0, target.from) + candidate.insert + text.slice(target.to));
    setChoice(null);
    input.current?.focus();
  };
  const send = () => {
    if (tooLong || text.trim() === "") return;
    store.submit(number, text);
    setChoice(null);
  };
  const select = (step: 1 | -1) => {
    const { length } = candidates;
    const at = selected === null ? (step === 1 ? 0 : length - 1) : (selected + step + length) % length;
    setChoice({ place, shown: true, selected: at });
  };

  /** Completes, or shows what there is to choose from; false when there is nothing to complete. */
  const tab = (): boolean => {
    if (completion === null) return false;
    const [first] = completion.candidates;
    if (first === undefined) return false;
    const picked = selected === null ? undefined : candidates[selected];
    if (shown || completion.candidates.length === 1) accept(completion, picked ?? first);
    else setChoice({ place, shown: true, selected: 0 });
    return true;
  };

  const inList = (key: string): boolean => {
    if (!shown || candidates.length === 0) return false;
    const picked = selected === null ? undefined : candidates[selected];
    if (key === "ArrowDown") select(1);
    else if (key === "ArrowUp") select(-1);
    else if (key === "Escape") setChoice({ place, shown: false, selected: null });
    else if (key === "Enter" && picked !== undefined) accept(completion, picked);
    else return false;
    return true;
  };

  const walk = (key: string, element: HTMLTextAreaElement): boolean => {
    const atEnd = element.selectionStart === text.length && element.selectionEnd === text.length;
    if (text !== "" && !(walking && atEnd)) return false;
    if (key === "ArrowUp") store.walk(number, "older");
    else if (key === "ArrowDown" && walking) store.walk(number, "newer");
    else return false;
    return true;
  };

  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLTextAreaElement }) => {
    // The input method has the keys while it composes: its Enter takes a word, it does not send.
    if (composing.current || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (handled(event)) event.preventDefault();
  };
  const handled = (event: KeyboardEvent & { readonly currentTarget: HTMLTextAreaElement }): boolean => {
    const { key } = event;
    if (event.shiftKey) return false;
    if (inList(key) || walk(key, event.currentTarget)) return true;
    if (key === "Tab") return tab();
    if (key === "Enter") send();
    else if (key === "PageUp") onPage(-1);
    else if (key === "PageDown") onPage(1);
    else return false;
    return true;
  };
  const follow = (event: { readonly currentTarget: HTMLTextAreaElement }) =>
    setCaret(event.currentTarget.selectionStart);

  return (
    <div class="composer">
      {candidates.length === 0 || completion === null ? null : (
        <Candidates
          candidates={candidates}
          selected={selected}
          onPick={(candidate) => accept(completion, candidate)}
        />
      )}
      <div class={`box ${tooLong ? "invalid" : ""}`}>
        <textarea
          ref={input}
          class="input"
          aria-label="Message"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={candidates.length === 0 ? undefined : candidatesId}
          aria-activedescendant={selected === null ? undefined : candidateId(selected)}
          aria-invalid={tooLong}
          aria-describedby={tooLong ? tooLongId : session.state === "away" ? waitsId : undefined}
          placeholder={session.number === 0 ? "Message everyone in the lobby" : `Message ${session.name}`}
          dir="auto"
          rows={1}
          spellcheck
          onInput={(event) => {
            store.setDraft(number, event.currentTarget.value);
            follow(event);
          }}
          onKeyDown={onKeyDown}
          onKeyUp={follow}
          onClick={follow}
          onBlur={() => store.flushDrafts()}
          onCompositionStart={() => (composing.current = true)}
          onCompositionEnd={() => (composing.current = false)}
        />
        <button
          class="send"
          type="button"
          aria-label="Send"
          title="Send (Enter)"
          aria-disabled={tooLong || text.trim() === ""}
          onClick={() => {
            send();
            input.current?.focus();
          }}
        >
          <SendIcon />
        </button>
      </div>
      <Length bytes={bytes} />
    </div>
  );
}

function Length({ bytes }: { readonly bytes: number }) {
  const most = limits.textBytes;
  if (bytes > most) {
    return (
      <p class="length invalid" id={tooLongId} role="alert">
        Too long to send: {bytes.toLocaleString()} of {most.toLocaleString()} bytes. Shorten it, or send it in
        parts.
      </p>
    );
  }
  if (bytes < most * NEAR_LIMIT) return null;
  return (
    <p class="length">
      {bytes.toLocaleString()} of {most.toLocaleString()} bytes
    </p>
  );
}
