// A window as a separate process that saves what it reads from standard input: each line is a message from bobby, and
// is printed once it is saved. An empty line closes the window.
import { createInterface } from "node:readline";
import { hear, introduce, join, joined, linked, listening, open, tell, type } from "./core.ts";
import { KeptWindow } from "./keptWindow.ts";

const [, , folder = ""] = process.argv;
const window = new KeptWindow(folder);
window.take(join("anna"), open(), listening, tell(joined("anna")), type("\\fork bobby"));
window.take(introduce("w.1", "bobby"), linked("bobby"));
process.stdout.write("ready\n");
let seq = 0;
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "") break;
  seq += 1;
  window.take(hear("bobby", seq, line));
  process.stdout.write(`${line}\n`);
}
window.close();
process.stdout.write("closed\n");
process.exit();
