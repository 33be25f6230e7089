// A private session's connection: hello both ways, heartbeats, validated frames, an end with a reason. Made by
// network.ts over a WebSocket that has just been opened, on either side.
import type { RawData, WebSocket } from "ws";
import { decode, utf8Length } from "../../protocol/codec.ts";
import { closeCodes, errorTexts, type ErrorCode } from "../../protocol/errors.ts";
import type { SessionId } from "../../protocol/fields.ts";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { PeerMessage, type ByeReason } from "../../protocol/peer.ts";
import { assertNever } from "../../protocol/result.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import type { PeerEnd, PeerFrame } from "../core/ports.ts";
import { closeWebSocket } from "./closeWebSocket.ts";
import { frameText } from "./frameText.ts";
import type { NetContext } from "./netContext.ts";
import { startSilenceTimer } from "./silenceTimer.ts";

const errorTextOfVersion = `This side speaks version ${String(PROTOCOL_VERSION)} of the protocol.`;

export type PeerRole = "dialler" | "listener";

export type PeerLinkHandlers = {
  /** Both sides have said hello. */
  readonly opened: () => void;
  readonly frame: (frame: PeerFrame) => void;
  /** Called once, not after `close` or `reject`. `text` is a sentence part for people: what went wrong. */
  readonly closed: (end: PeerEnd, text: string) => void;
};

export type PeerLink = {
  /** Does nothing unless both sides have said hello. */
  send(frame: PeerFrame): void;
  /** Says `bye` and closes with `code`. */
  close(reason: ByeReason, code: number): void;
  /** Closes because the peer broke the protocol. */
  reject(): void;
};

/** Starts the conversation; must be called in the tick in which the WebSocket was opened. */
export function startPeerLink(
  ws: WebSocket,
  sid: SessionId,
  role: PeerRole,
  { limits, log, clock }: NetContext,
  handlers: PeerLinkHandlers,
): PeerLink {
  let phase: "greeting" | "open" | "over" = "greeting";
  let reported = false;
  let paused: NodeJS.Timeout | undefined;
  const rate = new TokenBucket(limits.framesPerSecond, limits.framesPerSecond * limits.burstSeconds, clock());
  /** What may wait for a peer that does not read: a full window of unacknowledged messages. */
  const backlogBytes = limits.unackedMessages * limits.frameBytes;

  const write = (message: PeerMessage): void => {
    ws.send(JSON.stringify(message));
  };
  const greet = (): void => {
    write({ type: "hello", v: PROTOCOL_VERSION, sid });
  };
  const stop = (code: number, reason: string): void => {
    phase = "over";
    clearTimeout(paused);
    clearTimeout(greeting);
    clearInterval(heartbeat);
    silence.stop();
    closeWebSocket(ws, code, reason, limits.closeMs);
  };
  const end = (how: PeerEnd, text: string, code: number, reason: string): void => {
    if (phase === "over") return;
    stop(code, reason);
    handlers.closed(how, text);
  };
  /** The peer broke the protocol: it is told how, for those who write clients. */
  const complain = (code: ErrorCode, closeCode: number): void => {
    write({ type: "error", code, text: errorTexts[code] });
    stop(closeCode, code);
  };
  const violation = (code: ErrorCode, detail: string, closeCode: number = closeCodes.protocol): void => {
    log.warn(`A peer broke the protocol: ${code}, ${detail}`);
    complain(code, closeCode);
    handlers.closed("protocol", "the other side does not speak Fork Chat's peer protocol");
  };

  const silence = startSilenceTimer(limits.silenceMs, () => {
    end("lost", "the other side went silent", closeCodes.silent, "silent");
  });
  const heartbeat = setInterval(() => ws.ping(), limits.heartbeatMs);
  const greeting = setTimeout(() => {
    end("lost", "the other side did not greet in time", closeCodes.handshakeTimeout, "no hello");
  }, limits.handshakeMs);

  /** Counts everything that comes, and stops reading for a while when it is too much: nothing is lost. */
  const count = (): void => {
    silence.touch();
    const wait = rate.charge(clock());
    if (wait === 0) return;
    ws.pause();
    silence.suspend();
    clearTimeout(paused);
    paused = setTimeout(() => {
      silence.touch();
      ws.resume();
    }, wait);
  };

  const receiveHello = (message: PeerMessage): void => {
    if (message.type === "error") {
      reported = true;
    } else if (message.type !== "hello") {
      violation("not-joined", `${message.type} before hello`);
    } else if (message.v !== PROTOCOL_VERSION) {
      const versions = `${String(message.v)} of the protocol, this one ${String(PROTOCOL_VERSION)}`;
      write({ type: "error", code: "version", text: errorTextOfVersion });
      end("protocol", `the other side speaks version ${versions}`, closeCodes.protocol, "version");
    } else if (message.sid !== sid) {
      violation("bad-message", "hello of another session");
    } else {
      if (role === "listener") greet();
      phase = "open";
      clearTimeout(greeting);
      handlers.opened();
    }
  };
  const receive = (message: PeerMessage): void => {
    switch (message.type) {
      case "message":
        if (message.text === "") violation("message-empty", "empty");
        else if (utf8Length(message.text) > limits.textBytes) violation("message-too-long", "too long");
        else handlers.frame(message);
        return;
      case "ack":
        handlers.frame(message);
        return;
      case "bye":
        end(message.reason, "", closeCodes.quit, "");
        return;
      case "hello":
        violation("bad-message", "a second hello");
        return;
      case "error":
        reported = true;
        return;
      default:
        assertNever(message);
    }
  };

  ws.on("message", (data: RawData, isBinary: boolean) => {
    if (phase === "over") return;
    count();
    if (isBinary) {
      violation("bad-message", "a binary frame", closeCodes.binary);
      return;
    }
    const decoded = decode(PeerMessage, frameText(data));
    if (!decoded.ok) violation(decoded.error.code, decoded.error.detail);
    else if (phase === "greeting") receiveHello(decoded.value);
    else receive(decoded.value);
  });
  for (const sign of ["ping", "pong"] as const) {
    ws.on(sign, () => {
      if (phase !== "over") count();
    });
  }
  ws.on("error", (error) => {
    if (phase === "over") return;
    // `ws` has closed already, with the code that fits: too large, not UTF-8, no frame at all.
    if (!isFrameError(error)) return;
    log.warn(`A peer broke the protocol: ${error.message}`);
    end("protocol", "the other side does not speak WebSocket", closeCodes.protocol, "frame");
  });
  ws.on("close", (code) => {
    if (reported) end("protocol", "the other side does not understand this one", closeCodes.protocol, "");
    else if (code === closeCodes.quit) end("lost", "the other side has ended it", closeCodes.quit, "");
    else end("lost", "the connection was cut off", closeCodes.quit, "");
  });

  if (role === "dialler") greet();
  return {
    send(frame) {
      if (phase !== "open") return;
      write(frame);
      if (ws.bufferedAmount > backlogBytes) ws.terminate();
    },
    close(reason, code) {
      if (phase === "over") return;
      if (phase === "open" || role === "dialler") write({ type: "bye", reason });
      stop(code, "");
    },
    reject() {
      if (phase !== "over") complain("bad-message", closeCodes.protocol);
    },
  };
}

/** Errors of the WebSocket's frames bear codes of `ws`; those of the socket bear the operating system's. */
function isFrameError(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && error.code.startsWith("WS_ERR_");
}
