// Activates the extensions that are to be compared, in the order that the environment names them, and writes down how
// long each took. Comes before them in the same extension host.
import { appendFile } from "node:fs/promises";
import * as vscode from "vscode";

export async function activate(): Promise<void> {
  const { BENCH_ORDER_FILE: order, BENCH_RESULT_FILE: result } = process.env;
  if (order === undefined || result === undefined) return;
  const ids = Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.file(order)))
    .toString()
    .split("\n");
  const times: Record<string, number> = {};
  for (const id of ids) {
    const extension = vscode.extensions.getExtension(id);
    if (extension === undefined || extension.isActive) continue;
    const start = performance.now();
    await extension.activate();
    times[id] = performance.now() - start;
  }
  await appendFile(result, `${JSON.stringify(times)}\n`);
}
