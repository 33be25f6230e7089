// Secrets of a VS Code in a browser: what the page forgets, the file keeps.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileBackedSecrets } from "../../extension/host/fileBackedSecrets.ts";
import type { Secrets } from "../../extension/host/keyring.ts";

/** As a page's memory: gone with it. */
function pageMemory(): Secrets {
  const values = new Map<string, string>();
  return {
    get: (key) => Promise.resolve(values.get(key)),
    store: (key, value) => Promise.resolve(void values.set(key, value)),
  };
}

describe("secrets in a browser", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "fork-chat-secrets-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("outlive the page, and are the same for all windows", async () => {
    const place = join(folder, "outlive");
    await new FileBackedSecrets(pageMemory(), place).store("forkchat.key:anna", "of anna");
    assert.equal(await new FileBackedSecrets(pageMemory(), place).get("forkchat.key:anna"), "of anna");
    assert.equal(await new FileBackedSecrets(pageMemory(), place).get("forkchat.key:bobby"), undefined);
    await new FileBackedSecrets(pageMemory(), place).store("forkchat.key:anna", "another");
    assert.equal(await new FileBackedSecrets(pageMemory(), place).get("forkchat.key:anna"), "another");
  });

  it("go to VS Code's own storage, too, and come from there where no file is", async () => {
    const memory = pageMemory();
    const place = join(folder, "both");
    await new FileBackedSecrets(memory, place).store("one", "kept in both");
    assert.equal(await memory.get("one"), "kept in both");
    await memory.store("two", "from before");
    assert.equal(await new FileBackedSecrets(memory, place).get("two"), "from before");
  });

  it("are readable for their user alone, and their files tell nothing by their names", async () => {
    const place = join(folder, "rights");
    await new FileBackedSecrets(pageMemory(), place).store("forkchat.token:wss://chat.example", "a token");
    const files = readdirSync(place);
    assert.equal(files.length, 1);
    assert.match(files[0] ?? "", /^[0-9a-f]{64}$/u);
    assert.equal(statSync(place).mode & 0o777, 0o700);
    assert.equal(statSync(join(place, files[0] ?? "")).mode & 0o777, 0o600);
  });
});
