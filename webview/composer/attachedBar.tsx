// What goes out with the next message, and who will get it.
import type { SessionView } from "../../protocol/webview.ts";
import { cardTexts } from "../base/cardTexts.ts";
import { changesTexts } from "../base/changesTexts.ts";
import { ChangesIcon, CloseIcon, FileIcon, TerminalIcon, TestIcon } from "../base/icons.tsx";
import { Counts } from "../base/counts.tsx";
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
  const Icon = icons[kind];
  const isCode = kind === "code" || kind === "problem";
  const { name, title } = isCode ? cardTexts.detach : cardTexts.detachOther;
  return (
    <div class="attached" role="group" aria-label={cardTexts.attached(nameOf(attached))}>
      <Icon />
      <p class="what" id={attachedId}>
        {isCode ? (
          <Place path={attached.path} range={attached.range} />
        ) : (
          <bdi class="named">{nameOf(attached)}</bdi>
        )}{" "}
        {isCode && attached.unsaved === true ? <span class="unsaved">{cardTexts.unsaved}</span> : null}{" "}
        {kind === "changes" ? <Counts added={attached.added} removed={attached.removed} /> : null}{" "}
        <bdi class="receiver">{session.number === 0 ? cardTexts.toLobby : cardTexts.to(session.name)}</bdi>
      </p>
      <button class="quiet" type="button" aria-label={name} title={title} onClick={onRemove}>
        <CloseIcon />
      </button>
    </div>
  );
}

const icons: Record<Attached["kind"], typeof FileIcon> = {
  ...{ code: FileIcon, problem: FileIcon, changes: ChangesIcon },
  ...{ test: TestIcon, output: TerminalIcon },
};

function nameOf(attached: Attached): string {
  if (attached.kind === "changes") return changesTexts.name(attached.files);
  if (attached.kind === "test") return visibleText(attached.name);
  if (attached.kind === "output") return visibleText(attached.command ?? cardTexts.output.name);
  return cardTexts.placeName(attached.path, attached.range);
}
