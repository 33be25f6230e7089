// Says in one sentence why the server cannot listen.

/** `error` is what the system reported for this host and port. */
export function listenErrorText(error: Error, host: string, port: number): string {
  const where = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} is already in use (${where}). Stop the other program, or choose another port with --port.`;
    case "EACCES":
      return `Permission denied to listen on ${where}. Choose a port above 1023 with --port.`;
    case "EADDRNOTAVAIL":
      return `${host} is not an address of this machine. Choose one that is with --host.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host ${host} was not found. Choose an address of this machine with --host.`;
    default:
      return `Cannot listen on ${where}: ${code}.`;
  }
}
