// The bar in which text of the shown session is found.
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { SessionView } from "../../protocol/webview.ts";
import { chunksOf, type Chunks } from "../store/chunks.ts";
import { clearHighlights, highlight, revealWords } from "./highlights.ts";
import { isForInputMethod } from "../base/inputMethod.ts";
import { CloseIcon, DownwardsIcon, UpIcon } from "../base/icons.tsx";
import type { PanelStore } from "../store/panelStore.ts";
import { texts } from "../base/texts.ts";
import { useFind, type Find } from "./useFind.ts";

const none = chunksOf(0, []);

type FindBarProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly chunks: Chunks | undefined;
  /** Counts the requests to find something: each one focuses the field. */
  readonly request: number;
  /** Where the entries are shown. */
  readonly conversation: RefObject<HTMLElement | null>;
};

export function FindBar({ store, session, chunks = none, request, conversation }: FindBarProps) {
  const find = useFind(store, session, chunks);
  const { query, matches, at } = find;
  const input = useRef<HTMLInputElement>(null);
  const opener = useRef<Element | null>(null);

  useLayoutEffect(() => {
    const { activeElement } = document;
    if (activeElement !== input.current) opener.current = activeElement;
    input.current?.focus();
    input.current?.select();
  }, [request]);

  // Rendering again creates new nodes.
  useEffect(() => {
    if (conversation.current !== null) highlight(conversation.current, query, matches, matches[at] ?? null);
  }, [query, matches, at]);
  const shown = matches[at];
  useEffect(() => {
    if (conversation.current !== null) revealWords(conversation.current);
  }, [query, shown]);
  // With the bar, not after the next frame.
  useLayoutEffect(
    () => () => {
      if (conversation.current !== null) clearHighlights(conversation.current);
    },
    [],
  );

  const close = () => {
    const back = opener.current;
    store.stopFinding();
    if (back instanceof HTMLElement && back.isConnected && back !== document.body) back.focus();
    else store.composer.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isForInputMethod(event)) return;
    const inField = event.target === input.current;
    if (event.key === "Escape") close();
    else if (inField && event.key === "Enter" && event.shiftKey) find.newer();
    else if (inField && event.key === "Enter") find.older();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="find" role="search" onKeyDown={onKeyDown}>
      <input
        ref={input}
        class="field"
        type="text"
        aria-label={texts.find(session.name)}
        placeholder={texts.findPlaceholder}
        autocomplete="off"
        value={query}
        onInput={(event) => find.change(event.currentTarget.value)}
      />
      <span class="matches" aria-live="polite">
        {matchCountText(find)}
      </span>
      <FindButton name={texts.previousMatch} onClick={find.older}>
        <UpIcon />
      </FindButton>
      <FindButton name={texts.nextMatch} onClick={find.newer}>
        <DownwardsIcon />
      </FindButton>
      <FindButton name={texts.closeFind} onClick={close}>
        <CloseIcon />
      </FindButton>
    </div>
  );
}

function matchCountText({ query, matches, at, more, searching }: Find): string {
  if (query === "") return "";
  if (searching) return texts.searching;
  if (matches.length === 0) return more ? texts.noMatchesYet : texts.noMatches;
  return texts.matchCount(at + 1, matches.length, more);
}

type FindButtonProps = {
  readonly name: string;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
};

function FindButton({ name, onClick, children }: FindButtonProps) {
  return (
    <button class="quiet action" type="button" aria-label={name} title={name} onClick={onClick}>
      {children}
    </button>
  );
}
