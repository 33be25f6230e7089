// Says in one sentence why the server cannot listen.

/** The options that name a listener's host and port. */
export type ListenOptions = { readonly host: string; readonly port: string };

/** `error` is what the system reported for this host and port. */
export function listenErrorText(
  error: Error,
  host: string,
  port: number,
  options: ListenOptions = { host: "--host", port: "--port" },
): string {
  const where = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} is already in use (${where}). Stop the other program, or choose another port with ${options.port}.`;
    case "EACCES":
      return `Permission denied to listen on ${where}. Choose a port above 1023 with ${options.port}.`;
    case "EADDRNOTAVAIL":
      return `${host} is not an address of this machine. Choose one that is with ${options.host}.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host ${host} was not found. Choose an address of this machine with ${options.host}.`;
    default:
      return `Cannot listen on ${where}: ${code}.`;
  }
}
