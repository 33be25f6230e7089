// Files that are renamed on Windows, while a virus scanner has them open for a moment.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { offered, saveReceiving } from "../../../../extension/core/transfers/receivingState.ts";
import { AppendFile } from "../../../../extension/host/storage/appendFile.ts";
import { PartStore, type PartKey } from "../../../../extension/host/storage/partStore.ts";
import { renameFile, renameFileSync } from "../../../../extension/host/storage/renameFile.ts";
import { WindowMemory } from "../../../../extension/host/storage/windowMemory.ts";
import { Sidecars } from "../../../../extension/host/transfers/sidecars.ts";
import { FileBackedSecrets } from "../../../../extension/host/trust/fileBackedSecrets.ts";
import { fileId } from "../../../support/fileIds.ts";
import { pin, sid } from "../../../support/fileTransfers.ts";
import { holdRenames } from "../../../support/heldRenames.ts";
import { ID, log, RememberedWindow } from "../../../support/rememberedWindow.ts";

describe("renaming a file", () => {
  let folder: string;
  let from: string;
  let to: string;
  let end: () => void;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fork-chat-rename-"));
    [from, to] = [join(folder, "a.new"), join(folder, "a")];
    writeFileSync(from, "new");
    writeFileSync(to, "old");
    end = () => undefined;
  });
  afterEach(() => {
    end();
    rmSync(folder, { recursive: true, force: true });
  });

  const hold = (...given: Parameters<typeof holdRenames>): (() => number) => {
    const held = holdRenames(...given);
    end = held.end;
    return held.tried;
  };
  const sum = (pauses: readonly number[]): number => pauses.reduce((all, ms) => all + ms, 0);

  for (const code of ["EPERM", "EACCES", "EBUSY"])
    it(`is tried again after ${code} on Windows, with growing pauses`, async () => {
      const tried = hold(4, { code });
      const pauses: number[] = [];
      await renameFile(from, to, { pause: (ms) => Promise.resolve(pauses.push(ms)) });
      assert.equal(readFileSync(to, "utf8"), "new");
      assert.equal(tried(), 5);
      assert.deepEqual(
        pauses,
        [...new Set(pauses)].sort((a, b) => a - b),
      );
    });

  it("fails after about a second, or sooner where the window waits for it", async () => {
    hold(Infinity);
    const pauses: number[] = [];
    await assert.rejects(renameFile(from, to, { pause: (ms) => Promise.resolve(pauses.push(ms)) }), {
      code: "EPERM",
    });
    assert.ok(sum(pauses) >= 900 && sum(pauses) <= 1_200, String(pauses));
    const blocking: number[] = [];
    assert.throws(() => renameFileSync(from, to, { pause: (ms) => blocking.push(ms) }), { code: "EPERM" });
    assert.ok(sum(blocking) >= 200 && sum(blocking) <= 400, String(blocking));
    assert.equal(readFileSync(to, "utf8"), "old");
  });

  for (const given of [{ platform: "linux" }, { platform: "darwin" }, { code: "ENOSPC" }] as const)
    it(`fails at once with ${JSON.stringify(given)}`, async () => {
      const tried = hold(Infinity, given);
      const code = "code" in given ? given.code : "EPERM";
      await assert.rejects(renameFile(from, to), { code });
      assert.throws(() => renameFileSync(from, to), { code });
      assert.equal(tried(), 2);
    });

  it("keeps what a file is rewritten with", () => {
    hold(2);
    const file = new AppendFile(to);
    file.begin("begun\n");
    file.add("added\n");
    file.close();
    assert.equal(readFileSync(to, "utf8"), "begun\nadded\n");
    assert.ok(!existsSync(from));
  });

  it("keeps a part of a message", async () => {
    hold(2);
    const key: PartKey = { pin, way: "in", id: fileId(1) };
    const store = new PartStore(
      join(folder, "parts"),
      () => ({ days: 1 }),
      () => [],
    );
    await store.write(key, Buffer.from("part"));
    assert.deepEqual(await store.read(key, 4), Buffer.from("part"));
  });

  it("keeps a secret", async () => {
    hold(2);
    const page = { get: () => Promise.resolve(undefined), store: () => Promise.resolve() };
    const secrets = new FileBackedSecrets(page, folder);
    await secrets.store("forkchat.key:anna", "of anna");
    assert.equal(await secrets.get("forkchat.key:anna"), "of anna");
  });

  it("keeps what is known of a transfer", async () => {
    hold(2);
    const sidecars = new Sidecars(join(folder, "transfers"));
    const offer = { kind: "file", id: fileId(1), name: "a.txt", size: 10 } as const;
    const snapshot = saveReceiving({ ...offered(offer.id, 10), accepted: true });
    await sidecars.saveIncoming({ sid, pin, offer, snapshot, folder: null, delivered: null, host: "" });
    assert.equal((await sidecars.restoreIncoming({ sid, pin })).length, 1);
    await sidecars.rest();
  });
});

describe("a window on Windows, while a virus scanner has its file open", () => {
  const kept = new RememberedWindow();

  it("takes it over under its own name", async () => {
    kept.joinedStore();
    kept.memory.close();
    const { end } = holdRenames(2);
    try {
      assert.ok((await new WindowMemory(kept.folder, "another", { log }).recall(ID)) !== null);
    } finally {
      end();
    }
    assert.deepEqual(readdirSync(kept.folder), ["another.journal"]);
  });
});
