// The text of a notice, in which a session reference (`\sw 2`) is a button.
import type { PanelStore } from "../store/panelStore.ts";
import { visibleText } from "../base/visibleText.ts";

const WAY = /(\\sw \d+)/u;

type NoticeTextProps = { readonly store: PanelStore; readonly text: string };

export function NoticeText({ store, text }: NoticeTextProps) {
  const go = (way: string) => {
    const number = Number(way.slice(way.indexOf(" ")));
    const session = store.model.peek()?.state.sessions.find((each) => each.number === number);
    if (session !== undefined) store.activate(session.number);
  };
  return (
    <span class="text" dir="auto">
      {visibleText(text)
        .split(WAY)
        .map((part, at) =>
          at % 2 === 0 ? (
            part
          ) : (
            // Not a Tab stop: Tab must be able to leave a long log, and the tabs open the sessions as well.
            <button key={at} class="link" type="button" tabIndex={-1} onClick={() => go(part)}>
              {part}
            </button>
          ),
        )}
    </span>
  );
}
