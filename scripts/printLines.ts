// Prints a process's output line by line with its name, to tell concurrent processes apart.
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

export function printLines({ stdout, stderr }: ChildProcess, name: string): void {
  for (const stream of [stdout, stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => console.log(`${name}: ${line}`));
  }
}
