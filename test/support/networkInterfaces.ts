// Lets the system say something else about its network interfaces.
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

/** Returns what ends it. */
export function pretendInterfaces(list: typeof os.networkInterfaces): () => void {
  const { networkInterfaces } = os;
  const set = (value: typeof os.networkInterfaces): void => {
    Object.assign(os, { networkInterfaces: value });
    syncBuiltinESMExports();
  };
  set(list);
  return () => set(networkInterfaces);
}

/** As where a process may not list them: in Termux, and in some sandboxes. */
export function refuseInterfaces(): () => void {
  return pretendInterfaces(() => {
    throw Object.assign(new Error("uv_interface_addresses returned EACCES"), { code: "ERR_SYSTEM_ERROR" });
  });
}
