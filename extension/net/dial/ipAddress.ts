// Notation of IP addresses.

/** Whether the address stands for all addresses of a machine. */
export function isUnspecified(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** `HOST:PORT` in URL notation. */
export function formatPlace(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
}
