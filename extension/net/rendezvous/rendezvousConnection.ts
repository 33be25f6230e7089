// One connection to the rendezvous server, from the dial to its end.
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import type { RawData } from "ws";
import { decode } from "../../../protocol/codec.ts";
import { closeCodes } from "../../../protocol/errors.ts";
import { PROTOCOL_VERSION } from "../../../protocol/limits.ts";
import { serverMessageBounds } from "../../../protocol/messageBounds.ts";
import { joinStatement, ServerMessage, type ClientMessage } from "../../../protocol/rendezvous.ts";
import type { CloseCause, JoinRequest } from "../../core/model/ports.ts";
import { closeWebSocket } from "../dial/closeWebSocket.ts";
import { dialWebSocket, type Dial } from "../dial/dialWebSocket.ts";
import { frameText } from "../dial/frameText.ts";
import type { Identity } from "../identity/identity.ts";
import type { NetContext } from "../dial/netContext.ts";
import { paceReading, type OpenWebSocket } from "../dial/pacedReading.ts";
import { changedHostCause, closeCause, dialFailureCause, versionCause } from "./rendezvousEnd.ts";
import { parseServerUrl, type ServerPlace } from "../dial/serverUrl.ts";
import { startSilenceTimer } from "../dial/silenceTimer.ts";

export type Challenge = Extract<ServerMessage, { type: "challenge" }>;

export type RendezvousHandlers = {
  /** @param address the server's address on this connection */
  readonly opened: (challenge: Challenge, address: string) => void;
  readonly message: (message: Exclude<ServerMessage, Challenge>) => void;
  /** Called once, and not after `close`. */
  readonly closed: (cause: CloseCause) => void;
};

export type RendezvousConnection = {
  /** Does nothing unless the connection is open. */
  send(message: ClientMessage): void;
  /** Joins with a key: signs the challenge and the dialed host. `token`: the server's, if known. */
  join(request: JoinRequest, identity: Identity, token: string | undefined): void;
  /** Ends the connection or the dial; no handler is called anymore. */
  close(code: number): void;
};

/** Of any version: only the field with the version. */
const AnyChallenge = v.object({ type: v.literal("challenge"), v: v.number() });

/**
 * Dials the server at `url`; no handler is called before this function has returned.
 * @param trusted SHA-256 of a certificate that the user trusts, if any
 */
export function openRendezvousConnection(
  url: string,
  trusted: string | undefined,
  context: NetContext,
  handlers: RendezvousHandlers,
): RendezvousConnection {
  let nonce = "";
  const { limits } = context;
  let open: OpenConnection | undefined;
  let dial: Dial | undefined;
  let ended = false;
  const end = (cause: CloseCause): void => {
    if (ended) return;
    ended = true;
    handlers.closed(cause);
  };

  const place = parseServerUrl(url);
  if (place.ok) {
    const target = {
      ...place.value,
      trusted,
      headers: {},
      maxPayload: limits.serverFrameBytes,
      timeoutMs: limits.handshakeMs,
    };
    dial = dialWebSocket(target, context, {
      failed: (failure) => {
        end(dialFailureCause(place.value.place, failure));
      },
      opened: (opened, socket) => {
        const address = socket.remoteAddress ?? "";
        open = converse(opened, place.value, context, {
          opened: (challenge) => {
            nonce = challenge.nonce;
            handlers.opened(challenge, address);
          },
          message: handlers.message,
          closed: end,
        });
      },
    });
  } else {
    setImmediate(() => {
      end({ kind: "rejected", text: place.error });
    });
  }

  return {
    send(message) {
      if (!ended) open?.send(message);
    },
    join(request, identity, token) {
      if (ended || !place.ok) return;
      const { spki } = identity;
      const statement = joinStatement(place.value.place, nonce, spki, request.name);
      open?.send({
        type: "join",
        v: PROTOCOL_VERSION,
        ...request,
        spki,
        sig: identity.sign(statement),
        ...(token === undefined ? {} : { token }),
      });
    },
    close(code) {
      ended = true;
      dial?.abort();
      open?.close(code);
    },
  };
}

/** No retry can succeed while a proxy replaces the signed `Host`. */
function changedHost(place: string, message: ServerMessage): CloseCause | undefined {
  if (message.type !== "refused" || message.code !== "signature" || message.host === undefined)
    return undefined;
  return changedHostCause(place, message.host);
}

type OpenConnection = Pick<RendezvousConnection, "send" | "close">;

/** Runs the protocol on a WebSocket that has just opened. */
function converse(
  opened: OpenWebSocket,
  { place }: ServerPlace,
  { limits, log, clock }: NetContext,
  handlers: Pick<RendezvousHandlers, "message" | "closed"> & {
    readonly opened: (challenge: Challenge) => void;
  },
): OpenConnection {
  const { ws } = opened;
  let phase: "greeting" | "open" | "over" = "greeting";
  let deaf = false;

  const stop = (): void => {
    phase = "over";
    reading.stop();
    silence.stop();
    clearTimeout(greeting);
  };
  /** Closes from this side, with a reason for the core. */
  const abandon = (cause: CloseCause, code: number, reason: string): void => {
    stop();
    closeWebSocket(ws, code, reason, limits.closeMs);
    handlers.closed(cause);
  };
  const silence = startSilenceTimer(limits.silenceMs, () => {
    abandon({ kind: "dropped", text: l10n.t("the server stopped responding") }, closeCodes.silent, "silent");
  });
  const reading = paceReading(
    opened,
    {
      framesPerSecond: limits.serverFramesPerSecond,
      burstFrames: limits.serverBurstFrames,
      bytesPerSecond: limits.serverBytesPerSecond,
      burstBytes: limits.serverBurstBytes,
    },
    silence,
    clock,
  );
  const greeting = setTimeout(() => {
    const text = l10n.t("something other than a Fork Chat server is listening at {0}", place);
    abandon({ kind: "unreachable", text }, closeCodes.handshakeTimeout, "no challenge");
  }, limits.handshakeMs);

  const greet = (raw: string): void => {
    const any = decode(v.variant("type", [AnyChallenge]), raw, serverMessageBounds);
    if (!any.ok) {
      const text = l10n.t("something other than a Fork Chat server is listening at {0}", place);
      abandon({ kind: "rejected", text }, closeCodes.protocol, "no challenge");
    } else if (any.value.v !== PROTOCOL_VERSION) {
      abandon(versionCause(any.value.v), closeCodes.protocol, "version");
    } else {
      const challenge = decode(ServerMessage, raw, serverMessageBounds);
      if (challenge.ok && challenge.value.type === "challenge") {
        phase = "open";
        clearTimeout(greeting);
        handlers.opened(challenge.value);
      } else {
        const text = l10n.t(
          "the server at {0} sent a greeting that this extension doesn't understand",
          place,
        );
        abandon({ kind: "rejected", text }, closeCodes.protocol, "challenge");
      }
    }
  };
  const receive = (raw: string): void => {
    const decoded = decode(ServerMessage, raw, serverMessageBounds);
    if (!decoded.ok) {
      // A newer server may send types that are unknown here.
      const report = `Dropped a message from the server: ${decoded.error.code}, ${decoded.error.detail}`;
      if (decoded.error.code === "unknown-type") log.debug(report);
      else log.warn(report);
    } else if (decoded.value.type === "challenge") {
      log.warn("Dropped a message from the server: second challenge");
    } else {
      const changed = changedHost(place, decoded.value);
      if (changed === undefined) handlers.message(decoded.value);
      else abandon(changed, closeCodes.quit, "");
    }
  };

  ws.on("message", (data: RawData, isBinary: boolean) => {
    if (phase === "over") return;
    const raw = frameText(data);
    if (isBinary) {
      log.warn("Dropped a message from the server: binary frame");
      return;
    }
    if (phase === "greeting") greet(raw);
    else receive(raw);
  });
  ws.on("close", (code) => {
    if (phase === "over") return;
    const wasOpen = phase === "open";
    stop();
    if (deaf) handlers.closed({ kind: "dropped", text: l10n.t("the server stopped receiving data") });
    else handlers.closed(closeCause(place, wasOpen, code));
  });

  return {
    send(message) {
      if (phase !== "open") return;
      ws.send(JSON.stringify(message));
      if (ws.bufferedAmount <= limits.backlogBytes) return;
      deaf = true;
      ws.terminate();
    },
    close(code) {
      if (phase === "over") return;
      stop();
      closeWebSocket(ws, code, "", limits.closeMs);
    },
  };
}
