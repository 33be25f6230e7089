// The list of completions above the composer. The focus stays in the composer, which refers to the active option.
import * as l10n from "@vscode/l10n";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Candidate } from "./completion.ts";

export const candidatesId = "candidates";

export function candidateId(at: number): string {
  return `candidate-${String(at)}`;
}

type CandidatesProps = {
  readonly candidates: readonly Candidate[];
  readonly selected: number | null;
  readonly onPick: (candidate: Candidate) => void;
};

export function Candidates({ candidates, selected, onPick }: CandidatesProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const option = selected === null ? null : list.current?.children.item(selected);
    option?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <div
      class="candidates"
      role="listbox"
      id={candidatesId}
      aria-label={l10n.t("Completions")}
      ref={list}
      onMouseDown={(event) => event.preventDefault()}
    >
      {candidates.map((candidate, at) => (
        <div
          key={candidate.insert}
          class="candidate"
          role="option"
          id={candidateId(at)}
          aria-selected={at === selected}
          onClick={() => onPick(candidate)}
        >
          <bdi class="label">{candidate.label}</bdi>
          <span class="detail">{candidate.detail}</span>
        </div>
      ))}
    </div>
  );
}
