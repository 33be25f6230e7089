// What goes out with the next message, and who will get it.
import type { SessionView } from "../../protocol/webview.ts";
import { cardTexts } from "../base/cardTexts.ts";
import { CloseIcon, FileIcon, TerminalIcon, TestIcon } from "../base/icons.tsx";
import { Place } from "../base/place.tsx";
import { visibleText } from "../base/visibleText.ts";

/** The id of the composer's description while the bar is shown. */
export const attachedId = "attached";

type Attached = NonNullable<SessionView["attached"]>;

type AttachedBarProps = {
  readonly session: SessionView;
  readonly attached: Attached;
  readonly onRemove: () => void;
};

export function AttachedBar({ session, attached, onRemove }: AttachedBarProps) {
  const { kind } = attached;
  const isCode = kind === "code" || kind === "problem";
  const { name, title } = isCode ? cardTexts.detach : cardTexts.detachOther;
  return (
    <div class="attached" role="group" aria-label={cardTexts.attached(nameOf(attached))}>
      {isCode ? <FileIcon /> : kind === "test" ? <TestIcon /> : <TerminalIcon />}
      <p class="what" id={attachedId}>
        {isCode ? (
          <Place path={attached.path} range={attached.range} />
        ) : (
          <bdi class="named">{nameOf(attached)}</bdi>
        )}{" "}
        {isCode && attached.unsaved === true ? <span class="unsaved">{cardTexts.unsaved}</span> : null}{" "}
        <bdi class="receiver">{session.number === 0 ? cardTexts.toLobby : cardTexts.to(session.name)}</bdi>
      </p>
      <button class="quiet" type="button" aria-label={name} title={title} onClick={onRemove}>
        <CloseIcon />
      </button>
    </div>
  );
}

function nameOf(attached: Attached): string {
  if (attached.kind === "test") return visibleText(attached.name);
  if (attached.kind === "output") return visibleText(attached.command ?? cardTexts.output.name);
  return cardTexts.placeName(attached.path, attached.range);
}
