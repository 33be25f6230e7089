// Lines of code with their colors and their numbers in their file. The numbers are not part of the text.
import { useRef } from "preact/hooks";
import type { CodePiece } from "./card.ts";
import { coloured } from "./codeBlock.tsx";
import { withoutTurns } from "./rich.ts";
import { ScrolledBox } from "./scrolledBox.tsx";
import { useReading } from "./useReading.ts";

type CodeLinesProps = {
  readonly pieces: readonly CodePiece[];
  /** The number of the first line. */
  readonly from: number;
};

export function CodeLines({ pieces, from }: CodeLinesProps) {
  const count = pieces.reduce((sum, { code }) => sum + code.split("\n").length - 1, 1);
  const numbers = Array.from({ length: count }, (_, at) => from + at).join("\n");
  return (
    <ScrolledBox as="pre" dir="ltr">
      <span class="numbers" aria-hidden="true" data-numbers={numbers} />
      <code class="found-in">
        {pieces.map((piece, at) => (
          <Piece key={at} piece={piece} />
        ))}
      </code>
    </ScrolledBox>
  );
}

function Piece({ piece: { code, text } }: { readonly piece: CodePiece }) {
  const element = useRef<HTMLSpanElement>(null);
  const rich = useReading(text, element);
  const [block] = rich ?? [];
  const isRead = typeof block === "object" && block.kind === "code" && block.code === code;
  return (
    <span ref={element} class={rich === undefined ? "later" : undefined} aria-live="off">
      {isRead ? coloured(block.colours) : withoutTurns(code)}
    </span>
  );
}
