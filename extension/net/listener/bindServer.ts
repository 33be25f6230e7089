// Binds the peer listener's server to an address and a port.
import { once } from "node:events";
import { isIP, type Server } from "node:net";
import type { Address } from "../../../protocol/fields.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { errorCode } from "../dial/dialFailure.ts";

export type Binding = {
  /** IP addresses in order of preference: the next is tried if this machine does not have the previous one. */
  readonly hosts: readonly string[];
  /** 0 for any free port. */
  readonly port: number;
  /** The previous port, which peers know, tried first; null for none. */
  readonly before: number | null;
  /** Resolves when a previous listener has released the port. */
  readonly free: Promise<void>;
  /** Ports tried from `port` upwards while they are in use. */
  readonly portAttempts: number;
};

/** Starts listening. The error is the operating system's code for the last address tried. */
export async function bindServer(server: Server, binding: Binding): Promise<Result<Address, string>> {
  let last = "";
  await binding.free;
  for (const host of binding.hosts) {
    // A name would be looked up first, and the port could not be released in the meantime.
    if (isIP(host) === 0) return err("EADDRNOTAVAIL");
    for (const port of portsOf(binding)) {
      try {
        server.listen({ host, port });
        await once(server, "listening");
      } catch (error) {
        last = errorCode(error);
        if (isTaken(last)) continue;
        break;
      }
      const bound = server.address();
      if (bound !== null && typeof bound === "object") return ok({ host: bound.address, port: bound.port });
    }
    if (isTaken(last)) break;
  }
  return err(last);
}

function portsOf({ port, before, portAttempts }: Binding): number[] {
  const own =
    port === 0 ? [0] : Array.from({ length: portAttempts }, (_, i) => port + i).filter((p) => p < 65_536);
  return before === null ? own : [before, ...own.filter((p) => p !== before)];
}

function isTaken(code: string): boolean {
  return code === "EADDRINUSE" || code === "EACCES";
}
