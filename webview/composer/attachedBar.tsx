// The lines of code that go out with the next message, and who will get them.
import { lineLabel } from "../../protocol/codeText.ts";
import type { SessionView } from "../../protocol/webview.ts";
import { cardTexts } from "../base/cardTexts.ts";
import { CloseIcon, FileIcon } from "../base/icons.tsx";
import { Place } from "../base/place.tsx";

/** The id of the composer's description while the bar is shown. */
export const attachedId = "attached";

type AttachedBarProps = {
  readonly session: SessionView;
  readonly attached: NonNullable<SessionView["attached"]>;
  readonly onRemove: () => void;
};

export function AttachedBar({ session, attached, onRemove }: AttachedBarProps) {
  const { path, range, unsaved } = attached;
  const { name, title } = cardTexts.detach;
  return (
    <div class="attached" role="group" aria-label={cardTexts.attached(lineLabel(path, range))}>
      <FileIcon />
      <p class="what" id={attachedId}>
        <Place path={path} range={range} />{" "}
        {unsaved === true ? <span class="unsaved">{cardTexts.unsaved}</span> : null}{" "}
        <bdi class="receiver">{session.number === 0 ? cardTexts.toLobby : cardTexts.to(session.name)}</bdi>
      </p>
      <button class="quiet" type="button" aria-label={name} title={title} onClick={onRemove}>
        <CloseIcon />
      </button>
    </div>
  );
}
