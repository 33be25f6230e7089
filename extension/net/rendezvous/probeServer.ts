// Finds out what is listening at a server's address, without joining.
import { performance } from "node:perf_hooks";
import type { CloseCause } from "../../core/model/ports.ts";
import { closeCodes } from "../../../protocol/errors.ts";
import { createTurns } from "../dial/handshakeGuard.ts";
import { netLimits } from "../dial/netLimits.ts";
import type { NetLog } from "../dial/netLog.ts";
import { openRendezvousConnection } from "./rendezvousConnection.ts";
import { machineTrust } from "../dial/serverTrust.ts";
import { createSocketRegistry } from "../dial/socketRegistry.ts";

/** Resolves with what is there: a rendezvous server, nothing, or something else. Never rejects. */
export function probeServer(url: string, log: NetLog): Promise<"server" | "nothing" | "other"> {
  const context = {
    limits: netLimits,
    log,
    sockets: createSocketRegistry(),
    turns: createTurns(),
    trust: machineTrust,
    clock: () => performance.now(),
  };
  return new Promise((resolve) => {
    const connection = openRendezvousConnection(url, undefined, context, {
      opened: () => {
        connection.close(closeCodes.quit);
        resolve("server");
      },
      message: () => undefined,
      closed: (cause) => resolve(answerOf(cause)),
    });
  });
}

function answerOf({ kind }: CloseCause): "server" | "nothing" | "other" {
  if (kind === "unreachable") return "nothing";
  // A server with an untrusted certificate may well be a Fork Chat server: joining asks about it.
  return kind === "untrusted" ? "server" : "other";
}
