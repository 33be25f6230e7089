// The mark of a received file: what each system writes. Whether the system then has it is tested where a file is delivered.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markOf, markReceived } from "../../../../extension/host/transfers/receivedMark.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const EVENT = "0b5f3c1e-5a44-4d0c-9d3b-6a7f0c2e1d4b";

describe("the mark of a received file", () => {
  it("is a stream on Windows, with the zone of the internet", () => {
    assert.deepEqual(markOf("C:\\files\\a.exe", "win32", NOW, EVENT), {
      stream: "C:\\files\\a.exe:Zone.Identifier",
      text: "[ZoneTransfer]\r\nZoneId=3\r\n",
    });
  });

  it("is an attribute on macOS, with the time and who received it", () => {
    assert.deepEqual(markOf("/files/a.command", "darwin", NOW, EVENT), {
      program: "/usr/bin/xattr",
      args: [
        "-w",
        "com.apple.quarantine",
        "0081;695735a5;Fork Chat;0B5F3C1E-5A44-4D0C-9D3B-6A7F0C2E1D4B",
        "/files/a.command",
      ],
    });
  });

  it("is none elsewhere", () => {
    assert.equal(markOf("/files/a.sh", "linux", NOW, EVENT), null);
  });

  describe("that is written", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "fork-chat-mark-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("has its text, or is set by its program", async () => {
      const [stream, set] = [join(folder, "stream"), join(folder, "set")];
      await markReceived("a", { stream, text: "a mark" });
      const script = "require('fs').writeFileSync(process.argv[1], process.argv[2])";
      await markReceived("a", { program: process.execPath, args: ["-e", script, set, "a mark"] });
      assert.deepEqual([readFileSync(stream, "utf8"), readFileSync(set, "utf8")], ["a mark", "a mark"]);
    });

    it("is left out where that fails", async () => {
      await markReceived("a", { stream: join(folder, "missing", "stream"), text: "a mark" });
      await markReceived("a", { program: join(folder, "missing"), args: [] });
      await markReceived("a", { program: process.execPath, args: ["-e", "process.exit(1)"] });
      assert.deepEqual(readdirSync(folder), []);
    });
  });
});
