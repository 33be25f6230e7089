// An optional field of a message is declared in one place: a further one arrives everywhere that carries messages.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../support/messageContentProgram.ts", import.meta.url));

describe("a field added to message content", function () {
  this.timeout(120_000);

  it("reaches the wire, the state, the journal, edits and the page", () => {
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", program], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  });
});
