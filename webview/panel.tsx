// The whole panel: the welcome page, or the sessions with the active one's log and composer; below it the connection
// status.
import { useSignalEffect } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { PanelState, SessionView } from "../protocol/webview.ts";
import { Arrivals } from "./frame/arrivals.tsx";
import { Composer, waitsId } from "./composer/composer.tsx";
import { FindBar } from "./find/findBar.tsx";
import { Log } from "./log/log.tsx";
import type { LogScroll } from "./log/logScroll.ts";
import { OpenForks } from "./frame/openForks.tsx";
import type { PanelModel } from "./store/panelReducer.ts";
import type { PanelStore } from "./store/panelStore.ts";
import { SessionHead } from "./frame/sessionHead.tsx";
import { StatusBar } from "./frame/statusBar.tsx";
import { panelId, Tabs, tabId } from "./frame/tabs.tsx";
import { useHeldKeys } from "./base/useHeldKeys.ts";
import { isForInputMethod } from "./base/inputMethod.ts";
import { texts } from "./base/texts.ts";
import { TypingLine } from "./frame/typingLine.tsx";
import { useKeptFocus } from "./frame/useKeptFocus.ts";
import { Verification } from "./frame/verification.tsx";
import { Welcome } from "./frame/welcome.tsx";

export function Panel({ store }: { readonly store: PanelStore }) {
  const model = store.model.value;
  useHeldKeys();
  if (model === null) return null;
  return (
    <main class="panel">
      <Content store={store} model={model} />
      <StatusBar state={model.state} />
    </main>
  );
}

function Content({ store, model }: { readonly store: PanelStore; readonly model: PanelModel }) {
  const { state } = model;
  const input = useRef<HTMLTextAreaElement | null>(null);
  const active = state.sessions.find(({ number }) => number === state.active);
  if (state.connection.status === "idle" || active === undefined) return <Welcome store={store} />;
  return (
    <>
      <h1 class="unseen">Fork Chat</h1>
      <Tabs
        store={store}
        sessions={state.sessions}
        active={active}
        onPointed={() => input.current?.focus()}
      />
      <OpenForks store={store} forks={state.forks} />
      <Arrivals model={model} />
      <Conversation store={store} model={model} session={active} input={input} />
      {state.verification === null ? null : (
        <Verification key={state.verification.session} store={store} view={state.verification} />
      )}
    </>
  );
}

type ConversationProps = {
  readonly store: PanelStore;
  readonly model: PanelModel;
  readonly session: SessionView;
  readonly input: RefObject<HTMLTextAreaElement | null>;
};

function Conversation({ store, model, session, input }: ConversationProps) {
  const scroll = useRef<LogScroll | null>(null);
  const conversation = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    if (store.composer.focusRequests.value > 0 && document.hasFocus()) input.current?.focus();
  });
  // Nothing that the user goes on typing may be sent to another session than the one they wrote to.
  useSignalEffect(() => {
    const isTyping = store.composer.displaced.value > 0 && document.activeElement === input.current;
    const active = store.model.peek()?.state.active;
    if (isTyping && active !== undefined) document.getElementById(tabId(active))?.focus();
  });
  // After switching sessions or closing something, nothing may have the focus: it moves to the composer.
  useLayoutEffect(() => {
    if (document.hasFocus() && document.activeElement === document.body) input.current?.focus();
  }, [session.number]);
  useKeptFocus(() => input.current?.focus());
  useFindKey(store, model.state.verification === null);
  // Typing anywhere that does not take letters goes to the composer.
  const typeAnywhere = (event: KeyboardEvent) => {
    if (event.target instanceof Element && event.target.matches("input, textarea")) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !isForInputMethod(event);
    if (plain && event.key.length === 1 && event.key !== " ") input.current?.focus();
  };
  const chunks = model.logs.get(session.number);
  const why = obstacleTo(session, model.state);
  const finding = store.finding.value;
  return (
    <div
      class="conversation"
      role="tabpanel"
      id={panelId}
      aria-labelledby={tabId(session.number)}
      ref={conversation}
      onKeyDown={typeAnywhere}
    >
      <SessionHead store={store} session={session} server={model.state.connection} />
      {finding?.session === session.number ? (
        <FindBar
          key={session.number}
          store={store}
          session={session}
          chunks={chunks}
          request={finding.request}
          conversation={conversation}
        />
      ) : null}
      <Log
        key={session.number}
        store={store}
        session={session}
        me={model.state.me ?? ""}
        chunks={chunks}
        scroll={scroll}
        onLeave={() => input.current?.focus()}
      />
      <div class="foot">
        {why === null ? null : (
          <p class="why" dir="auto">
            {why}{" "}
            {session.state === "closed" ? (
              <button
                class="link"
                type="button"
                onClick={() => store.send({ type: "run", command: "diagnose" })}
              >
                {texts.diagnose}
              </button>
            ) : null}
          </p>
        )}
        {session.state !== "open" || session.peer === undefined ? null : <TypingLine session={session} />}
        {session.state !== "waiting" || session.peer === undefined ? null : (
          <p class="waits" id={waitsId} dir="auto" title={session.peer.text}>
            {session.peer.text}
          </p>
        )}
        <Composer
          store={store}
          session={session}
          source={model.state}
          input={input}
          onPage={(pages) => scroll.current?.byPages(pages)}
        />
      </div>
    </div>
  );
}

/** Ctrl+F (or Cmd+F) opens find in the page, wherever the focus is. */
function useFindKey(store: PanelStore, enabled: boolean): void {
  useLayoutEffect(() => {
    if (!enabled) return;
    const listening = new AbortController();
    const onKeyDown = (event: KeyboardEvent) => {
      const plain = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      if (!plain || event.key.toLowerCase() !== "f") return;
      event.preventDefault();
      store.find();
    };
    document.addEventListener("keydown", onKeyDown, { signal: listening.signal });
    return () => listening.abort();
  }, [store, enabled]);
}

/** Why a session accepts no messages now; null if it does. Messages to an absent peer wait. */
function obstacleTo(session: SessionView, state: PanelState): string | null {
  switch (session.state) {
    case "open":
    case "waiting":
      return null;
    case "closed":
      return closedText(state.connection);
    case "ended":
      return l10n.t("The session with {0} has ended. Its messages stay until you leave it.", session.name);
  }
}

function closedText({ status, text }: PanelState["connection"]): string {
  return status === "offline"
    ? l10n.t("{0}. Reconnecting automatically.", text)
    : l10n.t("The lobby is unavailable. {0}.", text);
}
