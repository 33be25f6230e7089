// The composer's completion: the candidates at the caret, and the keys that choose one.
import { useState } from "preact/hooks";
import { complete, type Candidate, type CompletionSource } from "./completion.ts";

/**
 * The reader's decision about the completion at one place: shown or dismissed, and the text of the selected candidate.
 */
type Choice = { readonly place: string; readonly shown: boolean; readonly selected: string | null };

type Options = {
  readonly session: number;
  readonly text: string;
  readonly caret: number;
  readonly source: CompletionSource;
  /** Nothing is suggested on its own, for example while lines are recalled. */
  readonly quiet: boolean;
  /** Replaces a range of the text with `insert`. */
  readonly onAccept: (from: number, to: number, insert: string) => void;
};

export type CompletionControl = {
  readonly candidates: readonly Candidate[];
  readonly selected: number | null;
  readonly accept: (candidate: Candidate) => void;
  /** Handles keys for the list while it is shown; returns false for any other. */
  readonly inList: (key: string) => boolean;
  /** Completes, or shows the candidates; returns false if there is nothing to complete. */
  readonly tab: () => boolean;
  readonly forget: () => void;
};

export function useCompletion({ session, text, caret, source, quiet, onAccept }: Options): CompletionControl {
  const [choice, setChoice] = useState<Choice | null>(null);
  const completion = complete(text, Math.min(caret, text.length), source);
  // A decision applies while the word is being typed: a dismissed list returns for the next word.
  if (completion === null && choice !== null) setChoice(null);
  const place = completion === null ? "" : `${session} ${completion.kind} ${completion.from}`;
  const chosen = choice?.place === place ? choice : null;
  const shown = completion !== null && (chosen?.shown ?? (completion.kind !== "name" && !quiet));
  const candidates = shown ? completion.candidates : [];
  // The list may change while it is shown: the selected text counts, not its position.
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
