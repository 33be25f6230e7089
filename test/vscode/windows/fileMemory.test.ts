// What a large file costs the windows between which it goes, on the Node.js of VS Code: memory that is used once is given back
// at once, and does not wait for the collector, which would hold up everything else in an extension host.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureVsCodeHost } from "../../../scripts/vscodeHost.ts";
import { noise } from "../../support/fileTransfers.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { WindowProcess } from "../../support/windowProcess.ts";

const MEBIBYTES = 128;
/** Some, for all else that a window does. When the collector had to find what had come, there were 9 to 19. */
const COLLECTIONS = 6;

describe("two windows with a large file between them", () => {
  for (const connection of ["direct", "relay"] as const) {
    // The relay is slow: a few blocks show that they come as they were sent.
    const mebibytes = connection === "direct" ? MEBIBYTES : 4;

    it(`rarely need a full collection, and get it byte by byte: ${connection}`, async () => {
      const root = mkdtempSync(join(tmpdir(), "fork-chat-memory-"));
      const { node } = await ensureVsCodeHost((line) => console.log(`      ${line}`));
      const server = await ServerProcess.start();
      const start = async (name: string): Promise<WindowProcess> => {
        const window = await WindowProcess.start({ folder: join(root, name), connection }, [], [node]);
        await window.join(name, server.url);
        return window;
      };
      const windows = await Promise.all([start("anna"), start("bobby")] as const);
      const [anna, bobby] = windows;
      try {
        await anna.until("bobby", ({ users }) => users.length === 2);
        await anna.run("\\fork bobby");
        await bobby.until("the session", ({ sessions }) => sessions[0]?.link === "open");
        const [file, chosen] = [join(root, "file.bin"), join(root, "chosen")];
        const bytes = blocks(mebibytes);
        writeFileSync(file, bytes);
        mkdirSync(chosen);
        await anna.offer("bobby", file);
        await bobby.until("the offer", ({ files }) => files[0]?.phase === "offered");
        for (const window of windows) assert.equal(await window.collections(), 0);
        await bobby.accept("anna", chosen);
        await bobby.until("the file", ({ files }) => files[0]?.phase === "done", 50_000);
        assert.ok(readFileSync(join(chosen, "file.bin")).equals(bytes));
        for (const window of windows) {
          const count = await window.collections();
          assert.ok(count <= COLLECTIONS, `${count} full collections`);
        }
      } finally {
        await Promise.all(windows.map((window) => window.kill()));
        await server.stop();
        rmSync(root, { recursive: true, force: true });
      }
    });
  }
});

/** So many different blocks of 1 MiB. */
function blocks(count: number): Buffer {
  const block = noise(1024 * 1024);
  return Buffer.concat(
    Array.from({ length: count }, (_, i) => {
      block.writeUInt32LE(i, 0);
      return Buffer.from(block);
    }),
  );
}
