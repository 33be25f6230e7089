// Lines of code with their colors and their numbers in their file, at which they can be replied to. The numbers are not part of
// the text.
import { withNamesOfHidden } from "../../protocol/hiddenCharacters.ts";
import { useContext, useRef } from "preact/hooks";
import type { CodePiece } from "./card.ts";
import { coloured } from "./codeBlock.tsx";
import { LineReplies } from "./lineReplies.tsx";
import { ScrolledBox } from "./scrolledBox.tsx";
import { Reached } from "./textContext.ts";
import { useReading } from "./useReading.ts";

type CodeLinesProps = {
  readonly pieces: readonly CodePiece[];
  /** The number of the first line. */
  readonly from: number;
  /** Starts a reply to a line, counted from 1. */
  readonly onReply?: ((line: number) => void) | undefined;
};

export function CodeLines({ pieces, from, onReply }: CodeLinesProps) {
  const reached = useContext(Reached);
  /** Where the pointer is, before there are buttons. */
  const pointer = useRef(0);
  const count = pieces.reduce((sum, { code }) => sum + code.split("\n").length - 1, 1);
  const numbers = Array.from({ length: count }, (_, at) => from + at).join("\n");
  return (
    <ScrolledBox as="pre" dir="ltr" onPointerMove={({ clientY }) => (pointer.current = clientY)}>
      <div class="gutter">
        <span class="numbers" aria-hidden="true" data-numbers={numbers} />
        {onReply === undefined ? null : <LineReplies {...{ from, count, reached, pointer, onReply }} />}
      </div>
      <code class="found-in">
        {pieces.map((piece, at) => (
          <Piece key={at} piece={piece} />
        ))}
      </code>
    </ScrolledBox>
  );
}

export function Piece({ piece: { code, text } }: { readonly piece: CodePiece }) {
  const element = useRef<HTMLSpanElement>(null);
  const rich = useReading(text, element);
  const [block] = rich ?? [];
  const isRead = typeof block === "object" && block.kind === "code" && block.code === code;
  return (
    <span ref={element} class={rich === undefined ? "later" : undefined} aria-live="off">
      {isRead ? coloured(block.colours) : withNamesOfHidden(code)}
    </span>
  );
}
