// The command line of the server's terminal. Independent of VS Code.

/** A program and its arguments, as VS Code takes them for a terminal: one string is a command line of Windows. */
export type ServerCommand = { readonly shellPath: string; readonly shellArgs: string[] | string };

type Program = Pick<NodeJS.Process, "platform" | "execPath" | "versions" | "env">;

/**
 * Runs a script with the program that runs this extension; on the desktop that is VS Code itself, which acts as Node.js. On
 * Windows it is a program without a console: it writes to that of the program which has started it, and Ctrl+C reaches it there.
 * VS Code's terminals start programs without one. cmd.exe gets a console from the terminal, and waits for the script to end.
 */
export function serverCommand(
  script: string,
  args: readonly string[],
  { platform, execPath, versions, env }: Program,
): ServerCommand {
  if (platform !== "win32" || versions["electron"] === undefined)
    return { shellPath: execPath, shellArgs: [script, ...args] };
  // With /s, cmd.exe removes the outer quotes alone. No argument contains a quote, or ends with a backslash.
  const words = [execPath, script, ...args].map((word) => `"${word}"`);
  return { shellPath: env["ComSpec"] ?? "cmd.exe", shellArgs: `/d /s /c "${words.join(" ")}"` };
}

/** Whether this command line has the word. */
export function hasArgument(shellArgs: ServerCommand["shellArgs"], word: string): boolean {
  return (typeof shellArgs === "string" ? shellArgs.split('"') : shellArgs).includes(word);
}
