// The sessions as tabs. Moving the focus does not switch sessions, because switching marks a session as read and has to
// be deliberate.
import * as l10n from "@vscode/l10n";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { SessionNumber, SessionView } from "../../protocol/webview.ts";
import { MutedIcon, VerifiedIcon } from "../base/icons.tsx";
import type { PanelStore } from "../store/panelStore.ts";
import { presenceTexts, sessionStates, texts } from "../base/texts.ts";

export const panelId = "conversation";

export function tabId(session: SessionNumber): string {
  return `tab-${String(session)}`;
}

type TabsProps = {
  readonly store: PanelStore;
  readonly sessions: readonly SessionView[];
  readonly active: SessionView;
  /** A tab was clicked with the pointer: focus moves to the composer. With the keyboard, it stays on the tabs. */
  readonly onPointed: () => void;
};

export function Tabs({ store, sessions, active, onPointed }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<SessionNumber | null>(null);
  const reachable = sessions.some(({ number }) => number === focused) ? focused : active.number;

  useLayoutEffect(() => {
    const strip = list.current;
    const tab = strip?.querySelector(`#${tabId(active.number)}`);
    if (strip == null || tab == null) return;
    const show = () => tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    show();
    // The panel may become narrower, and the tab wider.
    const observer = new ResizeObserver(show);
    observer.observe(strip);
    observer.observe(tab);
    return () => observer.disconnect();
  }, [active.number, sessions.length]);

  const leave = (session: SessionView) => {
    if (session.number !== 0) store.send({ type: "leave", session: session.number });
  };
  const focus = (at: number) => {
    const session = sessions[(at + sessions.length) % sessions.length];
    if (session === undefined) return;
    list.current?.querySelector<HTMLElement>(`#${tabId(session.number)}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = sessions.findIndex(({ number }) => number === reachable);
    const session = sessions[at];
    if (session === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") focus(at - 1);
    else if (event.key === "ArrowRight") focus(at + 1);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(-1);
    else if (event.key === "Delete") leave(session);
    else return;
    event.preventDefault();
  };

  const onFocusOut = (event: FocusEvent) => {
    const next = event.relatedTarget;
    if (!(next instanceof Node && list.current?.contains(next) === true)) setFocused(null);
  };
  // A wheel scrolls vertically, and the tabs horizontally.
  const onWheel = (event: WheelEvent) => {
    if (event.deltaX === 0 && !event.shiftKey) list.current?.scrollBy({ left: event.deltaY });
  };

  return (
    <div class="strip">
      <div
        class="tabs"
        role="tablist"
        aria-label={l10n.t("Sessions")}
        ref={list}
        onKeyDown={onKeyDown}
        onFocusOut={onFocusOut}
        onWheel={onWheel}
      >
        {sessions.map((session) => (
          <Tab
            key={session.number}
            session={session}
            selected={session.number === active.number}
            reachable={session.number === reachable}
            onFocus={() => setFocused(session.number)}
            onClick={({ detail }) => {
              store.activate(session.number);
              // A click caused by a key has a count of 0.
              if (detail > 0) onPointed();
            }}
          />
        ))}
      </div>
      {active.number === 0 ? null : (
        <button
          class="quiet leave"
          type="button"
          aria-label={l10n.t("Leave {0}", active.name)}
          title={l10n.t("Leave {0} (Delete on its tab)", active.name)}
          onClick={() => leave(active)}
        >
          {l10n.t("Leave")}
        </button>
      )}
    </div>
  );
}

type TabProps = {
  readonly session: SessionView;
  readonly selected: boolean;
  readonly reachable: boolean;
  readonly onFocus: () => void;
  readonly onClick: (event: MouseEvent) => void;
};

function Tab({ session, selected, reachable, onFocus, onClick }: TabProps) {
  const { name, mark, state, unread } = session;
  const verified = session.peer?.verified === "both";
  const presence = presenceWord(session);
  const typing = isTyping(session);
  return (
    <button
      class={`tab ${state}`}
      type="button"
      role="tab"
      id={tabId(session.number)}
      aria-selected={selected}
      aria-controls={selected ? panelId : undefined}
      aria-label={label(session)}
      aria-description={description(session)}
      title={verified ? l10n.t("Verified by both") : (presence ?? (typing ? texts.writes : undefined))}
      tabIndex={reachable ? 0 : -1}
      onFocus={onFocus}
      onClick={onClick}
    >
      <span class="star" aria-hidden="true">
        {selected ? "*" : ""}
      </span>
      <bdi class="name">{name}</bdi>{" "}
      {mark === undefined ? null : (
        <span class="mark" title={texts.opened(mark, name, session.peer?.introducedBy)}>
          {mark}
        </span>
      )}{" "}
      {verified ? <VerifiedIcon /> : null}
      {presence === null ? null : (
        <span class={`presence ${session.peer?.presence ?? ""}`} title={presence} aria-hidden="true" />
      )}
      {typing ? <span class="writes" aria-hidden="true" /> : null}
      {session.muted === true ? <MutedIcon /> : null}
      {state === "open" ? null : <span class="state">{sessionStates[state]}</span>}{" "}
      {unread === 0 ? null : (
        // The number is hidden from assistive technology, because it is part of the tab's accessible name.
        <span class="badge" aria-hidden="true" data-count={unread > 99 ? "99+" : unread} />
      )}
    </button>
  );
}

/**
 * The accessible name: begins with the session's name and ends with the unread count. It has the tab's visible texts in
 * their order, so that voice control can use them.
 */
function label(session: SessionView): string {
  const { name, mark, state, unread } = session;
  const presence = presenceWord(session);
  const parts = [
    mark === undefined ? name : `${name} ${mark}`,
    ...(state === "open" ? [] : [sessionStates[state]]),
    ...(presence === null ? [] : [presence]),
    ...(unread === 0 ? [] : [texts.unread(unread)]),
  ];
  return parts.join(", ");
}

/** The meaning of its icons. */
function description(session: SessionView): string | undefined {
  const parts = [
    ...(isTyping(session) ? [texts.writes] : []),
    ...(session.muted === true ? [texts.muted] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** The other side's presence, while there is a link that reports it. */
function presenceWord({ state, peer }: SessionView): string | null {
  return state === "open" ? presenceTexts[peer?.presence ?? "here"] : null;
}

function isTyping({ state, peer }: SessionView): boolean {
  return state === "open" && peer?.typing === true;
}
