// A window as a separate process that receives one message after another, saves each, and prints its number.
import { changesBetween } from "../../extension/core/saved/savedChanges.ts";
import { outlineOf } from "../../extension/core/saved/savedPieces.ts";
import { saveWindow } from "../../extension/core/saved/savedWindow.ts";
import { Journal } from "../../extension/host/storage/journal.ts";
import { after, hear, withBobby } from "./core.ts";

const [, , path = ""] = process.argv;
const journal = new Journal(path);
const window = saveWindow(withBobby);
if (window !== null) journal.begin({ owner: process.pid, window });
let state = withBobby;
for (let seq = 1; ; seq++) {
  const next = after(state, hear("bobby", seq, `message ${seq}`));
  const change = changesBetween(state, next);
  if (change !== null) journal.add(change, () => outlineOf(next));
  state = next;
  process.stdout.write(`${seq}\n`);
}
