// One connection of a private session: hello first and in time, heartbeats, validated frames, an end with a reason. The
// core interprets the frames.
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import type { RawData } from "ws";
import { isBlank } from "../../../protocol/blank.ts";
import { decode, utf8Length } from "../../../protocol/codec.ts";
import { closeCodes, errorTexts, type ErrorCode } from "../../../protocol/errors.ts";
import { PROTOCOL_VERSION } from "../../../protocol/limits.ts";
import { AnyHello, PeerMessage } from "../../../protocol/peer.ts";
import type { LinkEnd } from "../../core/model/ports.ts";
import { closeWebSocket } from "../dial/closeWebSocket.ts";
import { frameText } from "../dial/frameText.ts";
import type { NetContext } from "../dial/netContext.ts";
import { paceReading, peerRate, type OpenWebSocket } from "../dial/pacedReading.ts";
import { startSilenceTimer } from "../dial/silenceTimer.ts";

export type PeerLinkHandlers = {
  readonly frame: (frame: PeerMessage) => void;
  /** Called once, and not after `close`. */
  readonly closed: (end: LinkEnd) => void;
};

export type PeerLink = {
  send(frame: PeerMessage): void;
  close(code: number): void;
  /** Measures a round trip, unless one is being measured. */
  measure(done: (ms: number) => void): void;
};

/** Starts the link; must be called in the tick in which the WebSocket opened. */
export function startPeerLink(
  opened: OpenWebSocket,
  { limits, log, clock }: NetContext,
  handlers: PeerLinkHandlers,
): PeerLink {
  const { ws } = opened;
  let phase: "greeting" | "open" | "over" = "greeting";
  let measuring: { readonly since: number; readonly done: (ms: number) => void } | undefined;
  /** The limit for a peer that does not read: everything unacknowledged, in its largest form. */
  const backlogBytes = 8 * limits.unackedBytes;

  const stop = (code: number, reason: string): void => {
    phase = "over";
    reading.stop();
    clearTimeout(greeting);
    clearInterval(heartbeat);
    silence.stop();
    closeWebSocket(ws, code, reason, limits.closeMs);
  };
  const end = (kind: LinkEnd["kind"], text: string, code: number, reason: string): void => {
    if (phase === "over") return;
    stop(code, reason);
    handlers.closed({ kind, code, text });
  };
  /** The peer violated the protocol: it gets an error with the reason, for people who write clients. */
  const violation = (
    code: ErrorCode | "version",
    detail: string,
    closeCode: number = closeCodes.protocol,
  ): void => {
    log.warn(`A peer broke the protocol: ${code}, ${detail}`);
    const text = code === "version" ? versionText : errorTexts[code];
    ws.send(JSON.stringify({ type: "error", code, text } satisfies PeerMessage));
    end("protocol", l10n.t("the other window doesn't speak Fork Chat's peer protocol"), closeCode, code);
  };

  const silence = startSilenceTimer(limits.linkSilenceMs, () => {
    end("lost", l10n.t("the other window stopped responding"), closeCodes.silent, "silent");
  });
  const reading = paceReading(opened, peerRate(limits), silence, clock);
  const heartbeat = setInterval(() => ws.ping(), limits.linkHeartbeatMs);
  const greeting = setTimeout(() => {
    end(
      "lost",
      l10n.t("the other window didn't complete the handshake in time"),
      closeCodes.handshakeTimeout,
      "no hello",
    );
  }, limits.handshakeMs);

  const receive = (frame: PeerMessage): void => {
    if (phase === "greeting" && frame.type === "hello") {
      phase = "open";
      clearTimeout(greeting);
    } else if (phase === "greeting" && frame.type !== "bye" && frame.type !== "error") {
      violation("not-joined", `${frame.type} before hello`);
      return;
    } else if (phase === "open" && frame.type === "hello") {
      violation("bad-message", "a second hello");
      return;
    }
    if (frame.type === "message" && isBlank(frame.text)) violation("message-empty", "empty");
    else if (frame.type === "message" && utf8Length(frame.text) > limits.textBytes) {
      violation("message-too-long", "too long");
    } else handlers.frame(frame);
  };

  ws.on("message", (data: RawData, isBinary: boolean) => {
    if (phase === "over") return;
    if (isBinary) {
      violation("bad-message", "a binary frame", closeCodes.binary);
      return;
    }
    const text = frameText(data);
    const decoded = decode(PeerMessage, text);
    if (decoded.ok && isCostly(decoded.value)) reading.charge(limits.peerChangeFrames - 1);
    if (phase === "greeting" && isOfAnotherVersion(text)) violation("version", "hello of another version");
    else if (decoded.ok) receive(decoded.value);
    // A newer peer may send types that are unknown here, once it has sent hello.
    else if (decoded.error.code !== "unknown-type" || phase === "greeting") {
      violation(decoded.error.code, decoded.error.detail);
    }
  });
  ws.on("error", (error) => {
    // `ws` has closed it already, with the right code: too large, not UTF-8, not a frame.
    if (phase === "over" || !isFrameError(error)) return;
    log.warn(`A peer broke the protocol: ${error.message}`);
    end("protocol", l10n.t("the other window doesn't speak WebSocket"), closeCodes.protocol, "frame");
  });
  ws.on("pong", (data) => {
    if (measuring === undefined || data.toString() !== MEASURE) return;
    const { since, done } = measuring;
    measuring = undefined;
    if (phase !== "over") done(clock() - since);
  });
  ws.on("close", (code) => {
    if (code === closedWithoutFrame) end("lost", l10n.t("the connection was lost"), code, "");
    else end("closed", l10n.t("the other window closed the connection"), code, "");
  });

  return {
    send(frame) {
      if (phase === "over") return;
      ws.send(JSON.stringify(frame));
      if (ws.bufferedAmount <= backlogBytes) return;
      ws.terminate();
    },
    close(code) {
      if (phase !== "over") stop(code, "");
    },
    measure(done) {
      if (phase === "over" || measuring !== undefined) return;
      measuring = { since: clock(), done };
      ws.ping(MEASURE);
    },
  };
}

/** Whether a frame adds a line, asks something, changes what is shown, or reads or writes more on the disk than its own length. */
function isCostly(frame: PeerMessage): boolean {
  switch (frame.type) {
    case "verified":
    case "addresses":
    case "introduce":
    case "consent":
    case "introduced":
    case "presence":
    case "typing":
    case "where":
    case "pause":
    case "fetch":
      return true;
    case "message":
      return frame.about !== undefined && frame.about.kind !== "reply";
    default:
      return false;
  }
}

const versionText = `This side uses protocol version ${PROTOCOL_VERSION}.`;

/** A `hello` of another protocol version may have another form. */
function isOfAnotherVersion(text: string): boolean {
  const hello = decode(v.variant("type", [AnyHello]), text);
  return hello.ok && hello.value.v !== PROTOCOL_VERSION;
}

/** The content of a ping whose answer is timed. */
const MEASURE = "rtt";

/** What `ws` reports if a socket ended without a close frame (RFC 6455, section 7.1.5). */
const closedWithoutFrame = 1006;

/** WebSocket frame errors have codes of `ws`; socket errors have the operating system's. */
function isFrameError(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && error.code.startsWith("WS_ERR_");
}
