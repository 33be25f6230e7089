// The files that go out with the next message, and who will get them.
import type { RefObject } from "preact";
import type { SessionView } from "../../protocol/webview.ts";
import { fileTexts, sizeText } from "../base/fileTexts.ts";
import { CloseIcon, FileIcon } from "../base/icons.tsx";
import { shownName } from "../markdown/card.ts";
import type { PanelStore } from "../store/panelStore.ts";

/** The id of the composer's description while the bar is shown. */
export const filesId = "files-to-send";

type FilesBarProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly input: RefObject<HTMLTextAreaElement | null>;
};

export function FilesBar({ store, session, input }: FilesBarProps) {
  const { number, name: receiver, files = [] } = session;
  return (
    <div class="attached files" role="group" aria-label={fileTexts.toSend(receiver)}>
      <p class="receiver" id={filesId}>
        <bdi>{fileTexts.toSend(receiver)}</bdi>
      </p>
      <ul>
        {files.map(({ id, name, size }) => (
          <li key={id}>
            <FileIcon />
            <bdi class="named" dir="auto" title={shownName({ name })}>
              {shownName({ name })}
            </bdi>
            <span class="size">{sizeText(size)}</span>
            <button
              class="quiet"
              type="button"
              aria-label={fileTexts.remove(shownName({ name }))}
              title={fileTexts.remove(shownName({ name }))}
              onClick={() => {
                store.send({ type: "removeFile", session: number, id });
                input.current?.focus();
              }}
            >
              <CloseIcon />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
