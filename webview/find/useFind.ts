// Finds a text in a session, newest match first: in what the page holds, then page by page in what the host keeps.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SessionView } from "../../protocol/webview.ts";
import type { Chunks } from "../store/chunks.ts";
import { findIn } from "./findText.ts";
import type { PanelStore } from "../store/panelStore.ts";

/** Maximum pages of older entries that one step requests; another step continues from there. */
const PAGES_PER_STEP = 20;

export type Find = {
  readonly query: string;
  /** Indices of matching entries, newest first, so that older matches change no number. */
  readonly matches: readonly number[];
  /** The position of the current match; -1 if there is none. */
  readonly at: number;
  /** Some older entries have not been searched yet. */
  readonly more: boolean;
  readonly searching: boolean;
  readonly change: (query: string) => void;
  /** Moves further back, and wraps around to the newest after the oldest. */
  readonly older: () => void;
  readonly newer: () => void;
};

export function useFind(store: PanelStore, session: SessionView, chunks: Chunks): Find {
  const { number } = session;
  const [query, setQuery] = useState("");
  const [current, setCurrent] = useState<number | null>(null);
  /** Counts the steps that need older entries; 0 if none is in progress. */
  const [step, setStep] = useState(0);
  const pages = useRef(0);
  const asked = useRef<number | null>(null);

  const matches = useMemo(() => findIn(chunks, query), [chunks, query]);
  const at = current === null ? -1 : matches.indexOf(current);
  const more = chunks.first > session.start;

  const show = (index: number | undefined) => {
    setStep(0);
    setCurrent(index ?? null);
    if (index === undefined) return;
    store.unfolded.set(number, index, true);
    store.reveal(number, index, false);
  };
  const lookFurther = () => {
    pages.current = PAGES_PER_STEP;
    asked.current = null;
    setStep((former) => former + 1);
  };
  const olderMatch = matches[at + 1];

  // While older entries arrive: the match is among them, or more are needed.
  useEffect(() => {
    if (step === 0) return;
    if (olderMatch !== undefined) return show(olderMatch);
    if (asked.current === chunks.first) return;
    asked.current = chunks.first;
    pages.current -= 1;
    if (!more) show(matches[0]);
    else if (pages.current < 0) setStep(0);
    else store.askOlder(number);
  }, [step, chunks]);

  return {
    query,
    matches,
    at,
    more,
    searching: step > 0,
    change: (text) => {
      setQuery(text);
      const [newest] = findIn(chunks, text);
      show(newest);
      if (newest === undefined && text !== "") lookFurther();
    },
    older: () => {
      if (query === "") return;
      if (olderMatch !== undefined || !more) show(olderMatch ?? matches[0]);
      else lookFurther();
    },
    newer: () => show(matches[at <= 0 ? matches.length - 1 : at - 1]),
  };
}
