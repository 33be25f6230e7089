// A session's header: who is in it, how it is connected and, for a private one, whether it is verified.
import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import type { PanelState, SessionView } from "../../protocol/webview.ts";
import { LockIcon, PathIcon, ServerIcon, UnverifiedIcon, VerifiedIcon } from "../base/icons.tsx";
import type { PanelStore } from "../store/panelStore.ts";
import { filled } from "../base/richL10n.tsx";
import { sessionStates, texts } from "../base/texts.ts";

type Peer = NonNullable<SessionView["peer"]>;

const verifiedWords: Record<Peer["verified"], string> = {
  nobody: l10n.t("not verified"),
  me: l10n.t("you verified"),
  peer: l10n.t("they verified"),
  both: l10n.t("verified"),
};

const pathWords: Record<Peer["path"], string> = {
  direct: l10n.t("direct"),
  relayed: l10n.t("relayed"),
  none: sessionStates.waiting,
};

/** Who could read along between this window and the server. */
const wayTexts = {
  encrypted: {
    word: l10n.t("TLS to server"),
    title: l10n.t("Encrypted between you and the server. The server can read the lobby."),
  },
  local: { word: l10n.t("this machine"), title: l10n.t("The server runs on this machine") },
  plain: {
    word: l10n.t("not encrypted"),
    title: l10n.t(
      "Anyone on the network between you and the server can read the lobby. Private sessions are encrypted anyway.",
    ),
  },
} as const satisfies Record<NonNullable<PanelState["connection"]["way"]>, object>;

const wayIcons = { encrypted: <LockIcon />, local: null, plain: <LockIcon open /> } as const;

type SessionHeadProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly server: PanelState["connection"];
};

export function SessionHead({ store, session, server }: SessionHeadProps) {
  const { peer } = session;
  return peer === undefined ? (
    <LobbyHead store={store} session={session} server={server} />
  ) : (
    <PeerHead store={store} session={session} peer={peer} server={server} />
  );
}

function PeerHead({ store, session, peer, server }: SessionHeadProps & { readonly peer: Peer }) {
  const { name, mark, number } = session;
  const { path, verified, introducedBy, text } = peer;
  const over = session.state === "ended";
  const connected = over ? sessionStates.ended : pathWords[path];
  return (
    <div class="session-head" role="group" aria-label={l10n.t("Private session with {0}", name)} title={text}>
      <h2 class="whose">
        <bdi class="name">{name}</bdi>{" "}
        {mark === undefined ? null : (
          <span class="mark" title={texts.opened(mark, name, introducedBy)}>
            {mark}
          </span>
        )}
      </h2>
      <ul class="facts" role="list">
        <Way store={store} kind={path} icon={<PathIcon path={path} />} text={text}>
          {connected}
        </Way>
        {over ? null : (
          <Fact
            kind="encrypted"
            icon={<LockIcon />}
            title={l10n.t("Private: encrypted from your window to {0}'s", name)}
          >
            {l10n.t("end-to-end encrypted")}
          </Fact>
        )}
        <Fact
          kind={`verified-by ${verified}`}
          icon={verified === "both" ? <VerifiedIcon /> : <UnverifiedIcon />}
        >
          {verifiedWords[verified]}
        </Fact>
        <Fact kind={isUp(server) ? "up" : "down"} icon={<ServerIcon up={isUp(server)} />} title={server.text}>
          {serverWord(server)}
        </Fact>
        {introducedBy === undefined ? null : (
          <Fact kind="introduced" icon={null}>
            {filled((name) => l10n.t("introduced by {0}", name), <bdi>{introducedBy}</bdi>)}
          </Fact>
        )}
      </ul>
      {over ? null : (
        <button
          class="secondary verify-button"
          type="button"
          aria-label={l10n.t("Verify {0}", name)}
          aria-haspopup="dialog"
          title={l10n.t("Compare safety numbers to confirm that this is {0}", name)}
          onClick={() => store.send({ type: "verify", session: number, open: true })}
        >
          {l10n.t("Verify")}
        </button>
      )}
    </div>
  );
}

/** The lobby's header: everyone can read it, so it only shows how the server is reached. */
function LobbyHead({ store, session: { name }, server }: SessionHeadProps) {
  const { text, way } = server;
  return (
    <div class="session-head lobby" role="group" aria-label={l10n.t("The lobby")} title={text}>
      <h2 class="whose">{name}</h2>
      <ul class="facts" role="list">
        <Way
          store={store}
          kind={isUp(server) ? "direct" : "none"}
          icon={<ServerIcon up={isUp(server)} />}
          text={text}
        >
          {serverWord(server)}
        </Way>
        {way === undefined ? null : (
          <Fact kind={way} icon={wayIcons[way]} title={wayTexts[way].title}>
            {wayTexts[way].word}
          </Fact>
        )}
      </ul>
    </div>
  );
}

function isUp({ status }: PanelState["connection"]): boolean {
  return status === "online";
}

function serverWord(server: PanelState["connection"]): string {
  return isUp(server) ? l10n.t("server up") : l10n.t("server down");
}

type WayProps = {
  readonly store: PanelStore;
  readonly kind: string;
  readonly icon: ComponentChildren;
  /** How it is connected, as a sentence. */
  readonly text: string;
  /** The same as a word. */
  readonly children: string;
};

/** How it is connected; opens the diagnosis. */
function Way({ store, kind, icon, text, children }: WayProps) {
  return (
    <li class="fact">
      <button
        class={`path ${kind}`}
        type="button"
        aria-label={texts.diagnoseState(children)}
        title={`${text}\n${texts.diagnose}`}
        onClick={() => store.send({ type: "run", command: "diagnose" })}
      >
        {icon}
        <span>{children}</span>
      </button>
    </li>
  );
}

type FactProps = {
  readonly kind: string;
  readonly icon: ComponentChildren;
  readonly title?: string;
  readonly children: ComponentChildren;
};

function Fact({ kind, icon, title, children }: FactProps) {
  return (
    <li class={`fact ${kind}`} title={title}>
      {icon}
      <span>{children}</span>
    </li>
  );
}
