// A window as a separate process that saves one message after another, and prints the number of each.
import { linked, hear, introduce, join, joined, listening, open, tell, type } from "./core.ts";
import { KeptWindow } from "./keptWindow.ts";

const [, , folder = ""] = process.argv;
const window = new KeptWindow(folder);
window.take(join("anna"), open(), listening, tell(joined("anna")), type("\\fork bobby"));
window.take(introduce("w.1", "bobby"), linked("bobby"));
for (let seq = 1; ; seq++) {
  window.take(hear("bobby", seq, `message ${seq}`));
  process.stdout.write(`${seq}\n`);
}
