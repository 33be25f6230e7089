// Links in a text, to an address or to a place in a file. They have no `href`, so that neither the page nor VS Code's frame
// can follow them: the host does.
import type { ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import type { FileReference } from "../../protocol/fileReference.ts";
import { isForInputMethod } from "../base/inputMethod.ts";
import type { Direction } from "./direction.ts";
import { Reached, TextRequests } from "./textContext.ts";

type LinkProps = {
  readonly address: string;
  readonly note: string | null;
  readonly direction: Direction;
  readonly children: ComponentChildren;
};

export function Link({ address, note, direction, children }: LinkProps) {
  const request = useContext(TextRequests);
  return (
    <Followed title={address} follow={() => request({ type: "openLink", url: address })}>
      <bdi dir={direction}>{children}</bdi>
      {note === null ? null : (
        <>
          {" "}
          <bdi class="note" dir="ltr">
            {note}
          </bdi>
        </>
      )}
    </Followed>
  );
}

type FileLinkProps = { readonly reference: FileReference; readonly children: ComponentChildren };

export function FileLink({ reference, children }: FileLinkProps) {
  const request = useContext(TextRequests);
  return (
    <Followed follow={() => request({ type: "openFile", reference })}>
      <bdi dir="ltr">{children}</bdi>
    </Followed>
  );
}

type FollowedProps = {
  readonly title?: string;
  readonly follow: () => void;
  readonly children: ComponentChildren;
};

function Followed({ title, follow, children }: FollowedProps) {
  const reached = useContext(Reached);
  return (
    <a
      role="link"
      title={title}
      tabIndex={reached ? 0 : -1}
      onClick={follow}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || isForInputMethod(event)) return;
        event.preventDefault();
        event.stopPropagation();
        follow();
      }}
    >
      {children}
    </a>
  );
}
