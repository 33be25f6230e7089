// Both sides of a session in a process of their own, which may be killed. Prints each block that is sent, and each chunk that
// has come.
import { writeSync } from "node:fs";
import { lookAt } from "../../extension/host/transfers/sourceFile.ts";
import { FilePair, partOf } from "./fileTransfers.ts";

const [, , root = "", path = ""] = process.argv;
const pair = new FilePair(root);
await pair.start();
const part = partOf(path);
const source = await lookAt(path);
if (source !== null && pair.sender.file(part.id) === undefined) await pair.sender.offer(part, path, source);
pair.receiver.offer(part);
let blocks = 0;
pair.onChunk = () => {
  for (; blocks < pair.blocks.length; blocks++) writeSync(1, "block\n");
  writeSync(1, "chunk\n");
  return true;
};
pair.link();
await pair.receiver.accept(part.id, pair.chosen);
