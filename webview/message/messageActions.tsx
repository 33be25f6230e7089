// The small toolbar of the message under the pointer or with the focus.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { EditIcon, ReactIcon, ReplyIcon, RetractIcon } from "../base/icons.tsx";
import type { LogContext } from "./logContext.ts";
import type { MessageEntry } from "../../protocol/webview.ts";
import { isMine } from "../store/isMine.ts";
import { moveAlong } from "../base/roving.ts";
import { texts } from "../base/texts.ts";

type MessageActionsProps = {
  readonly context: LogContext;
  readonly index: number;
  readonly entry: MessageEntry;
};

export function MessageActions({ context, index, entry }: MessageActionsProps) {
  const { store, number, me } = context;
  const { from, own } = entry;
  const [asking, setAsking] = useState(false);
  const toolbar = useRef<HTMLDivElement>(null);
  const asked = useRef(false);

  // The buttons have changed: the focus moves to the first of them, or back to the one that was pressed.
  useLayoutEffect(() => {
    if (asking === asked.current) return;
    asked.current = asking;
    const buttons = toolbar.current?.querySelectorAll("button");
    buttons?.item(asking ? 0 : buttons.length - 1).focus();
  }, [asking]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || toolbar.current === null) return;
    if (event.key === "Escape" && asking) setAsking(false);
    else if (event.key === "Escape") toolbar.current.closest<HTMLElement>(".message")?.focus();
    else if (!moveAlong(toolbar.current, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      class="actions"
      role="toolbar"
      aria-label={texts.actions(from, own)}
      aria-live="off"
      ref={toolbar}
      onKeyDown={onKeyDown}
    >
      {asking ? (
        <>
          <span class="question">{texts.retractQuestion}</span>
          <button
            class="quiet"
            type="button"
            aria-label={texts.yesRetract}
            onClick={() => {
              toolbar.current?.closest<HTMLElement>(".message")?.focus();
              store.send({ type: "retract", session: number, index });
            }}
          >
            {texts.yes}
          </button>
          <button
            class="quiet"
            type="button"
            tabIndex={-1}
            aria-label={texts.noKeep}
            onClick={() => setAsking(false)}
          >
            {texts.no}
          </button>
        </>
      ) : (
        <>
          <Action name={texts.reply(from, own)} onClick={() => store.composer.reply(number, index, entry)}>
            <ReplyIcon />
          </Action>
          <Action reached={false} name={texts.react(from, own)} opens onClick={() => context.onReact(index)}>
            <ReactIcon />
          </Action>
          {isMine(entry, me, number) ? (
            <>
              <Action
                reached={false}
                name={texts.edit}
                onClick={() => store.composer.edit(number, index, entry)}
              >
                <EditIcon />
              </Action>
              <Action reached={false} name={texts.retract} onClick={() => setAsking(true)}>
                <RetractIcon />
              </Action>
            </>
          ) : null}
        </>
      )}
    </div>
  );
}

type ActionProps = {
  readonly name: string;
  /** Whether it is a Tab stop; arrow keys move on from there. */
  readonly reached?: boolean;
  readonly opens?: boolean;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
};

function Action({ name, reached = true, opens = false, onClick, children }: ActionProps) {
  return (
    <button
      class="quiet action"
      type="button"
      aria-label={name}
      aria-haspopup={opens ? "dialog" : undefined}
      title={name}
      tabIndex={reached ? 0 : -1}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
