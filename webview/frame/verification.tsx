// The dialog in which two people compare their safety number.
import * as l10n from "@vscode/l10n";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { VerificationView } from "../../protocol/webview.ts";
import { CloseIcon, UnverifiedIcon, VerifiedIcon } from "../base/icons.tsx";
import type { PanelStore } from "../store/panelStore.ts";
import { QrPicture } from "./qrPicture.tsx";
import { filled } from "../base/richL10n.tsx";

const titleId = "verify-title";
const howId = "verify-how";

type VerificationProps = { readonly store: PanelStore; readonly view: VerificationView };

/** Must be keyed by the session: it opens once, and its result is reported once. */
export function Verification({ store, view }: VerificationProps) {
  const { session, peer, number, picture, verified } = view;
  const dialog = useRef<HTMLDialogElement>(null);
  const told = useRef(false);

  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    element.showModal();
    // Not a button: a key that is still held down must not give an answer.
    element.focus();
    return () => {
      told.current = true;
      // The element must be closed before it is removed: that returns the focus to where it was.
      element.close();
    };
  }, []);

  /** Closes the dialog, here at once and then by the host; with the user's answer, if they gave one. */
  const finish = (value?: boolean) => {
    if (told.current) return;
    told.current = true;
    if (value !== undefined) store.send({ type: "verified", session, value });
    store.send({ type: "verify", session, open: false });
    dialog.current?.close();
  };

  return (
    <dialog
      class="verify"
      ref={dialog}
      aria-modal="true"
      aria-labelledby={titleId}
      aria-describedby={howId}
      tabIndex={-1}
      onKeyDown={keepInside}
      onClose={() => finish()}
    >
      <div class="title">
        <h2 id={titleId}>
          {filled((name) => l10n.t("Compare this safety number with {0}", name), <bdi>{peer}</bdi>)}
        </h2>
        <button
          class="quiet"
          type="button"
          aria-label={l10n.t("Close")}
          title={l10n.t("Close (Escape)")}
          onClick={() => finish()}
        >
          <CloseIcon />
        </button>
      </div>
      <p class="how" id={howId}>
        {l10n.t(
          "Read it to each other by phone or in person, not in this chat. If both windows show the same digits, no one is intercepting this session.",
        )}
      </p>
      <div class="number">
        <ol class="digits" role="list" aria-label={l10n.t("Safety number")}>
          {(number.match(/.{1,5}/gu) ?? []).map((group, at) => (
            <li key={at} aria-label={Array.from(group).join(" ")}>
              {group}
            </li>
          ))}
        </ol>
        <QrPicture rows={picture} name={l10n.t("Safety number as a QR code")} />
      </div>
      <p class={`so-far ${verified}`} aria-live="polite">
        {verified === "both" ? <VerifiedIcon /> : <UnverifiedIcon />}
        <span>{filled((name) => verificationText(verified, name), <bdi>{peer}</bdi>)}</span>
      </p>
      <div class="answers">
        <button class="primary" type="button" onClick={() => finish(true)}>
          {l10n.t("They Match")}
        </button>
        <button class="secondary" type="button" onClick={() => finish(false)}>
          {l10n.t("They Differ")}
        </button>
      </div>
    </dialog>
  );
}

/** Who has confirmed that the numbers match. */
function verificationText(verified: VerificationView["verified"], peer: string): string {
  switch (verified) {
    case "nobody":
      return l10n.t("Neither of you has verified the other yet.");
    case "me":
      return l10n.t("You verified {0}. {0} hasn't verified you yet.", peer);
    case "peer":
      return l10n.t("{0} verified you. You haven't verified {0} yet.", peer);
    case "both":
      return l10n.t("You and {0} verified each other.", peer);
  }
}

/** The rest of the page is inert; this also keeps Tab from leaving the page. */
function keepInside(event: KeyboardEvent & { readonly currentTarget: HTMLDialogElement }): void {
  if (event.key !== "Tab") return;
  const dialog = event.currentTarget;
  const stops = [...dialog.querySelectorAll("button")];
  const [first, last] = [stops[0], stops.at(-1)];
  const { activeElement } = document;
  const [edge, target] = event.shiftKey ? [first, last] : [last, first];
  if (activeElement !== edge && !(event.shiftKey && activeElement === dialog)) return;
  event.preventDefault();
  target?.focus();
}
