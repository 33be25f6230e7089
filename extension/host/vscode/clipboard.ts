// Reads what VS Code can only copy, and gives the text on the user's clipboard back. VS Code shows extensions only text: a
// picture is lost.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";

/** A copy may still be on its way when its command is done. */
const ATTEMPTS = 10;
const PAUSE_MS = 30;

let last: Promise<unknown> = Promise.resolve();

/** Resolves with what a command copies; null if it copies nothing. One command at a time. */
export function copiedBy(command: string): Promise<string | null> {
  const copied = last.then(() => copyNow(command));
  last = copied.catch(() => undefined);
  return copied;
}

async function copyNow(command: string): Promise<string | null> {
  const { clipboard } = vscode.env;
  const before = await clipboard.readText();
  // Tells whether anything was copied, even what was there before.
  const nothing: string = randomUUID();
  let now = nothing;
  try {
    await clipboard.writeText(nothing);
    await vscode.commands.executeCommand(command);
    for (let attempt = 0; attempt < ATTEMPTS && now === nothing; attempt += 1) {
      if (attempt > 0) await pause(PAUSE_MS);
      now = await clipboard.readText();
    }
    return now === nothing ? null : now;
  } finally {
    await clipboard.writeText(before);
  }
}
