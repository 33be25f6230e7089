// Shows that the line in the composer is a reply, or a message's new text.
import type { DraftAbout } from "../../protocol/webview.ts";
import { CloseIcon, EditIcon, ReplyIcon } from "../base/icons.tsx";
import { flatText } from "../markdown/flatText.ts";
import { texts } from "../base/texts.ts";
import { visibleText } from "../base/visibleText.ts";

/** The id of the composer's description while the bar is shown. */
export const aboutId = "about";

type AboutBarProps = {
  readonly about: DraftAbout;
  /** Whether code goes with the line: then the message is about that. */
  readonly isAttached: boolean;
  readonly onCancel: () => void;
};

export function AboutBar({ about, isAttached, onCancel }: AboutBarProps) {
  const cancel = texts.cancel[about.kind];
  return (
    <div class="about">
      {about.kind === "reply" ? <ReplyIcon /> : <EditIcon />}
      <p class="what" id={aboutId}>
        {about.kind === "reply" ? (
          <>
            <bdi>
              {about.line === undefined || isAttached
                ? texts.replyingTo(about.from)
                : texts.replyingToLine(about.from, about.line.number)}
            </bdi>{" "}
            <span class="excerpt" dir="auto">
              {flatText(visibleText(about.text))}
            </span>
          </>
        ) : (
          texts.editing
        )}
      </p>
      <button class="quiet" type="button" aria-label={cancel.name} title={cancel.title} onClick={onCancel}>
        <CloseIcon />
      </button>
    </div>
  );
}
