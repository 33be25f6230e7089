// Checks the connection to a server step by step, without joining: URL, name, TCP, TLS, and whether it is a Fork Chat
// server.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { closeCodes } from "../../../protocol/errors.ts";
import { isLocalhost } from "../../core/model/serverAddress.ts";
import type { CheckStage, ServerCheck } from "../../core/model/serverCheck.ts";
import { closeWebSocket } from "../dial/closeWebSocket.ts";
import { errorCode, type DialFailure } from "../dial/dialFailure.ts";
import { dialWebSocket } from "../dial/dialWebSocket.ts";
import { createTurns } from "../dial/handshakeGuard.ts";
import type { NetContext } from "../dial/netContext.ts";
import { netLimits } from "../dial/netLimits.ts";
import type { NetLog } from "../dial/netLog.ts";
import { parseServerUrl, type ServerPlace } from "../dial/serverUrl.ts";
import { machineTrust } from "../dial/serverTrust.ts";
import { createSocketRegistry } from "../dial/socketRegistry.ts";
import { openRendezvousConnection } from "./rendezvousConnection.ts";
import { dialFailureCause } from "./rendezvousEnd.ts";

type Found = Pick<ServerCheck, "failure" | "server">;

/**
 * Never rejects, and ends within the time limits of a dial.
 * @param trusted SHA-256 of a certificate that the user trusts, if any
 */
export async function checkServer(
  url: string,
  trusted: string | undefined,
  log: NetLog,
): Promise<ServerCheck> {
  const place = parseServerUrl(url);
  if (!place.ok) {
    return { url, secure: false, addresses: [], ...failed("address", place.error) };
  }
  const { host, secure } = place.value;
  const names = await addressesOf(host);
  const common = { url, secure, addresses: names.addresses };
  if (names.code !== null) {
    return { ...common, ...failed("name", textOf(place.value, { kind: "network", code: names.code })) };
  }
  const context: NetContext = {
    limits: netLimits,
    log,
    sockets: createSocketRegistry(),
    turns: createTurns(),
    trust: machineTrust,
    clock: () => performance.now(),
  };
  const dialled = await dial(place.value, trusted, context);
  return { ...common, ...(dialled ?? (await greet(url, trusted, context))) };
}

function failed(stage: CheckStage, text: string): Found {
  return { failure: { stage, text }, server: null };
}

async function addressesOf(host: string): Promise<{ addresses: readonly string[]; code: string | null }> {
  // An IP address needs no lookup, and localhost is always dialed at 127.0.0.1.
  if (isIP(host) !== 0 || isLocalhost(host)) return { addresses: [], code: null };
  const late = new AbortController();
  try {
    const found = await Promise.race([
      lookup(host, { all: true }),
      // The system's resolver cannot be canceled; a late answer is ignored.
      delay(netLimits.handshakeMs, [], { signal: late.signal }),
    ]);
    if (found.length === 0) return { addresses: [], code: "ENOTFOUND" };
    return { addresses: found.map(({ address }) => address), code: null };
  } catch (error) {
    return { addresses: [], code: errorCode(error) };
  } finally {
    late.abort();
  }
}

/** @returns the failure on the way to a WebSocket; undefined if it opens */
function dial(
  place: ServerPlace,
  trusted: string | undefined,
  context: NetContext,
): Promise<Found | undefined> {
  const { limits } = context;
  const bounds = { maxPayload: limits.serverFrameBytes, timeoutMs: limits.handshakeMs };
  return new Promise((resolve) => {
    dialWebSocket({ ...place, trusted, headers: {}, ...bounds }, context, {
      failed: (failure) => resolve(failed(stageOf(failure), textOf(place, failure))),
      opened: ({ ws }) => {
        closeWebSocket(ws, closeCodes.quit, "", limits.closeMs);
        resolve(undefined);
      },
    });
  });
}

function greet(url: string, trusted: string | undefined, context: NetContext): Promise<Found> {
  return new Promise((resolve) => {
    const connection = openRendezvousConnection(url, trusted, context, {
      opened: ({ v, token, at }) => {
        connection.close(closeCodes.quit);
        const aheadMs = at === undefined ? null : at - Date.now();
        resolve({ failure: null, server: { version: v, needsToken: token, aheadMs } });
      },
      message: () => undefined,
      closed: ({ text }) => resolve(failed("server", text)),
    });
  });
}

function stageOf({ kind }: DialFailure): CheckStage {
  switch (kind) {
    case "network":
    case "timeout":
      return "connection";
    case "not-tls":
    case "untrusted":
    case "wrong-key":
      return "tls";
    case "cut-off":
    case "status":
    case "not-websocket":
      return "server";
  }
}

function textOf({ place }: ServerPlace, failure: DialFailure): string {
  return dialFailureCause(place, failure).text;
}
