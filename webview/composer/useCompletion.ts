// What the composer completes: the candidates at the caret, and the keys with which one is chosen.
import { useState } from "preact/hooks";
import { complete, type Candidate, type CompletionSource } from "./completion.ts";

/** What the reader has decided about the completion at one place: shown or dismissed, and the text of what they selected. */
type Choice = { readonly place: string; readonly shown: boolean; readonly selected: string | null };

type Options = {
  readonly session: number;
  readonly text: string;
  readonly caret: number;
  readonly source: CompletionSource;
  /** Nothing is offered unasked, as while lines are recalled. */
  readonly quiet: boolean;
  /** Puts `insert` in the place of a range of the text. */
  readonly onAccept: (from: number, to: number, insert: string) => void;
};

export type CompletionControl = {
  readonly candidates: readonly Candidate[];
  readonly selected: number | null;
  readonly accept: (candidate: Candidate) => void;
  /** Keys that go to the list while it is shown; false for any other. */
  readonly inList: (key: string) => boolean;
  /** Completes, or shows what there is to choose from; false when there is nothing to complete. */
  readonly tab: () => boolean;
  readonly forget: () => void;
};

export function useCompletion({ session, text, caret, source, quiet, onAccept }: Options): CompletionControl {
  const [choice, setChoice] = useState<Choice | null>(null);
  const completion = complete(text, Math.min(caret, text.length), source);
  // What was decided holds while it is written: a list that was sent away comes again with the next beginning.
  if (completion === null && choice !== null) setChoice(null);
  const place = completion === null ? "" : `${session} ${completion.kind} ${completion.from}`;
  const chosen = choice?.place === place ? choice : null;
  const shown = completion !== null && (chosen?.shown ?? (completion.kind !== "name" && !quiet));
  const candidates = shown ? completion.candidates : [];
  // The list may change while it is shown: what counts is what was selected, not where it stood.
  const at = candidates.findIndex(({ insert }) => insert === chosen?.selected);
  const selected = at < 0 ? null : at;
  const picked = candidates[at];

  const accept = ({ insert }: Candidate) => {
    if (completion !== null) onAccept(completion.from, completion.to, insert);
    setChoice(null);
  };
  const select = (step: 1 | -1) => {
    const { length } = candidates;
    const next = selected === null ? (step === 1 ? 0 : length - 1) : (selected + step + length) % length;
    setChoice({ place, shown: true, selected: candidates[next]?.insert ?? null });
  };
  const tab = (): boolean => {
    const [first] = completion?.candidates ?? [];
    if (completion === null || first === undefined) return false;
    if (shown || completion.candidates.length === 1) accept(picked ?? first);
    else setChoice({ place, shown: true, selected: first.insert });
    return true;
  };
  const inList = (key: string): boolean => {
    if (candidates.length === 0) return false;
    if (key === "ArrowDown") select(1);
    else if (key === "ArrowUp") select(-1);
    else if (key === "Escape") setChoice({ place, shown: false, selected: null });
    else if (key === "Enter" && picked !== undefined) accept(picked);
    else return false;
    return true;
  };
  return { candidates, selected, accept, inList, tab, forget: () => setChoice(null) };
}
