// The card of a message with a failed test or a command's output: what it is of, and its lines.
import { useContext, useMemo } from "preact/hooks";
import { cardTexts } from "../base/cardTexts.ts";
import { TerminalIcon, TestIcon } from "../base/icons.tsx";
import { Place } from "../base/place.tsx";
import { visibleText } from "../base/visibleText.ts";
import { codeBlocks, ownHeading, type Card, type CodePiece } from "../markdown/card.ts";
import { CodeActions } from "../markdown/codeActions.tsx";
import { Piece } from "../markdown/codeLines.tsx";
import { FileLink } from "../markdown/links.tsx";
import { ScrolledBox } from "../markdown/scrolledBox.tsx";
import { Reached } from "../markdown/textContext.ts";
import type { Part } from "../../protocol/part.ts";
import { type Fold, FoldButton, shownOf } from "./fold.tsx";

type QuoteCardProps = {
  readonly card: Card;
  /** The message's text. */
  readonly text: string;
  readonly id: string | undefined;
  readonly fold: Fold | null;
};

export function QuoteCard({ card, text, id, fold }: QuoteCardProps) {
  const reached = useContext(Reached);
  const { part, code } = card;
  const open = fold?.open !== false;
  const pieces = useMemo(() => codeBlocks(card, open), [text, open]);
  const heading = ownHeading(card);
  const cardId = id === undefined ? undefined : `${id}-card`;
  const button =
    fold === null ? null : (
      <FoldButton
        fold={fold}
        more={cardTexts.showLines(code.split("\n").length)}
        controls={cardId}
        reached={reached}
      />
    );
  return (
    <div class="card" role="group" id={cardId} aria-label={nameOf(part)}>
      <div class="code-head">
        {part.kind === "test" ? <TestIcon /> : <TerminalIcon />}
        <span class="kind">{part.kind === "test" ? cardTexts.test.name : cardTexts.output.name}</span>
        {part.kind === "output" && part.exitCode !== undefined ? (
          <span class={`exit ${part.exitCode === 0 ? "" : "failed"}`}>
            {cardTexts.output.exitCode(part.exitCode)}
          </span>
        ) : null}
        <CodeActions code={code} names={cardTexts.actions} />
      </div>
      <Subject part={part} />
      {heading === "" ? null : (
        <div class="heading">
          <span class="found-in" dir="auto">
            {visibleText(shownOf(fold, heading))}
          </span>
        </div>
      )}
      {/* Of an output, the end is shown first: what is above it follows above. */}
      {part.kind === "output" ? button : null}
      <QuoteLines pieces={pieces} />
      {part.kind === "output" ? null : button}
    </div>
  );
}

function nameOf(part: Part): string | undefined {
  if (part.kind === "test") return cardTexts.test.of(visibleText(part.name));
  if (part.kind !== "output") return undefined;
  const { command } = part;
  return command === undefined ? cardTexts.output.name : cardTexts.output.of(visibleText(command));
}

/** The test's name and its line, or the command. */
function Subject({ part }: { readonly part: Part }) {
  if (part.kind === "output") {
    return part.command === undefined ? null : (
      <div class="heading command">
        <span class="found-in" dir="ltr">
          {visibleText(part.command)}
        </span>
      </div>
    );
  }
  if (part.kind !== "test") return null;
  const { name, path, line } = part;
  return (
    <div class="heading subject">
      <span class="found-in" dir="auto">
        {visibleText(name)}
      </span>
      {path === undefined ? null : (
        <span class="found-in">
          <FileLink reference={{ path, ...(line === undefined ? {} : { line }) }}>
            <Place path={path} range={line === undefined ? undefined : { from: line, to: line }} />
          </FileLink>
        </span>
      )}
    </div>
  );
}

function QuoteLines({ pieces }: { readonly pieces: readonly CodePiece[] }) {
  return (
    <ScrolledBox as="pre" dir="ltr">
      <code class="found-in">
        {pieces.map((piece) => (
          <Piece key={piece.text} piece={piece} />
        ))}
      </code>
    </ScrolledBox>
  );
}
