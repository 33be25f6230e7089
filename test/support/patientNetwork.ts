// A window's network that waits long for a direct path before it tries the relay as well: a busy machine takes its time.
import { netLimits } from "../../extension/net/dial/netLimits.ts";
import { createNetwork } from "../../extension/net/network.ts";

export const createPatientNetwork: typeof createNetwork = (options) =>
  createNetwork({ ...options, limits: { ...netLimits, relayDelayMs: 10_000 } });
