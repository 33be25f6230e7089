// Says in one sentence why the server cannot listen. Used when it starts.

/** `error` is what the system reported for this host and port. */
export function listenErrorText(error: Error, host: string, port: number): string {
  const where = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} is in use already (${where}). Stop what runs there, or choose another one with --port.`;
    case "EACCES":
      return `There is no permission to listen on ${where}. Choose a port above 1023 with --port.`;
    case "EADDRNOTAVAIL":
      return `This machine has no address ${host}. Choose one of its own with --host.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host ${host} is not known. Choose an address of this machine with --host.`;
    default:
      return `Cannot listen on ${where}: ${code}.`;
  }
}
