// Several join and quit lines as one line that can be unfolded.
import { useState } from "preact/hooks";
import { namesIn, type Row } from "./folding.ts";
import { Time } from "../message/messageView.tsx";
import { listText, texts } from "../base/texts.ts";
import { visibleText } from "../base/visibleText.ts";

/** Names in the folded line; the others are counted. */
const NAMED = 2;

type PresenceRowProps = {
  readonly row: Row;
  /** Whether it follows a message and needs a margin. */
  readonly apart: boolean;
};

export function PresenceRow({ row, apart }: PresenceRowProps) {
  const [each, setEach] = useState(false);
  const last = row.entries.at(-1);
  return (
    <div class={`notice info row ${apart ? "apart" : ""}`}>
      <span class="text" dir="auto">
        {visibleText(sentence(row))}
      </span>{" "}
      {last === undefined ? null : <Time at={last.at} />}{" "}
      {/* Not a Tab stop, which Shift+Tab in the composer would reach before the log: the arrow keys lead here. */}
      <button class="link" type="button" tabIndex={-1} aria-expanded={each} onClick={() => setEach(!each)}>
        {each ? texts.showTogether : texts.showEach}
      </button>
      {each ? (
        <ul class="each" aria-live="off">
          {row.entries.map((entry, at) => (
            <li key={at}>
              <span class="text" dir="auto">
                {visibleText(entry.text)}
              </span>{" "}
              <Time at={entry.at} />
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function sentence(row: Row): string {
  const joined = namesIn(row, "joined");
  const left = namesIn(row, "left");
  const sentences = [
    ...(joined.length === 0 ? [] : [texts.joined(listText(joined, NAMED), joined.length)]),
    ...(left.length === 0 ? [] : [texts.left(listText(left, NAMED), left.length)]),
  ];
  return sentences.join(" ");
}
