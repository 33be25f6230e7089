// Secrets of a VS Code in a browser: what the page forgets, the file keeps.
import assert from "node:assert/strict";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileBackedSecrets } from "../../../../extension/host/trust/fileBackedSecrets.ts";
import { Keyring, type Secrets } from "../../../../extension/host/trust/keyring.ts";
import { noMemory } from "../../../support/noMemory.ts";

const log = { warn: (): void => undefined };

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

  it("outlive the page, and are shared by all windows", async () => {
    const place = join(folder, "outlive");
    await new FileBackedSecrets(pageMemory(), place).store("forkchat.key:anna", "of anna");
    assert.equal(await new FileBackedSecrets(pageMemory(), place).get("forkchat.key:anna"), "of anna");
    assert.equal(await new FileBackedSecrets(pageMemory(), place).get("forkchat.key:bobby"), undefined);
    await new FileBackedSecrets(pageMemory(), place).store("forkchat.key:anna", "another");
    assert.equal(await new FileBackedSecrets(pageMemory(), place).get("forkchat.key:anna"), "another");
  });

  it("are also saved in VS Code's own storage, and read from there when there is no file", async () => {
    const memory = pageMemory();
    const place = join(folder, "both");
    await new FileBackedSecrets(memory, place).store("one", "kept in both");
    assert.equal(await memory.get("one"), "kept in both");
    await memory.store("two", "from before");
    assert.equal(await new FileBackedSecrets(memory, place).get("two"), "from before");
  });

  it("are readable for their user only, and their file names reveal nothing", async () => {
    const place = join(folder, "rights");
    await new FileBackedSecrets(pageMemory(), place).store("forkchat.token:wss://chat.example", "a token");
    const files = readdirSync(place);
    assert.equal(files.length, 1);
    assert.match(files[0] ?? "", /^[0-9a-f]{64}$/u);
    assert.equal(statSync(place).mode & 0o777, 0o700);
    assert.equal(statSync(join(place, files[0] ?? "")).mode & 0o777, 0o600);
  });

  it("are read from VS Code's own storage when their file is damaged", async () => {
    const memory = pageMemory();
    const place = join(folder, "damaged");
    const key = await new Keyring(new FileBackedSecrets(memory, place), noMemory, log).key("anna");
    const [file = ""] = readdirSync(place);
    writeFileSync(join(place, file), key.slice(0, 50));
    assert.equal(await new Keyring(new FileBackedSecrets(memory, place), noMemory, log).key("anna"), key);
    // Even without other clues it is not confused with a key that was never there.
    let replaced = 0;
    const alone = new Keyring(
      new FileBackedSecrets(pageMemory(), place),
      noMemory,
      log,
      () => (replaced += 1),
    );
    const made = await alone.key("anna");
    assert.notEqual(made, key);
    assert.equal(replaced, 1);
    assert.equal(readFileSync(join(place, file), "utf8"), made);
  });

  it("are not overwritten when their file cannot be read", async () => {
    const place = join(folder, "unreadable");
    const key = await new Keyring(new FileBackedSecrets(pageMemory(), place), noMemory, log).key("anna");
    const [file = ""] = readdirSync(place);
    // A name that leads to itself stands for a disk that fails; rights do not stop a superuser.
    renameSync(join(place, file), join(place, "moved"));
    symlinkSync(join(place, file), join(place, file));
    assert.notEqual(
      await new Keyring(new FileBackedSecrets(pageMemory(), place), noMemory, log).key("anna"),
      key,
    );
    assert.ok(lstatSync(join(place, file)).isSymbolicLink());
  });
});
