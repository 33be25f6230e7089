// How IP addresses are written.

/** Whether the address stands for all addresses of a machine. */
export function isUnspecified(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** `HOST:PORT` as it stands in a URL. */
export function formatPlace(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
}
