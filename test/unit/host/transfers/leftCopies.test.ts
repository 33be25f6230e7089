// Copies of files that wait in composers: which of them are cleared.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { SavedSession } from "../../../../extension/host/storage/closedWindows.ts";
import { clearCopies } from "../../../../extension/host/transfers/leftCopies.ts";
import { Sidecars } from "../../../../extension/host/transfers/sidecars.ts";
import { pin, sid } from "../../../support/core.ts";
import { fileId } from "../../../support/fileIds.ts";

describe("copies that are cleared", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fork-chat-copies-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Makes a copy in the session with someone. */
  const copyFor = (peer: string, n: number): string => {
    const path = new Sidecars(folder).copyPath(sid(peer), fileId(n));
    writeFileSync(path, "");
    return path;
  };
  const session = (peer: string, change: Partial<SavedSession> = {}): SavedSession => ({
    ...{ sid: sid(peer), pin: pin(peer), isOpen: true, files: [], ...change },
  });
  const left = (): string[] => readdirSync(folder).sort();
  const names = (...paths: string[]): string[] => paths.map((path) => basename(path)).sort();

  it("are those that a crash has left, and not those of sessions that are open", async () => {
    const open = copyFor("bobby", 1);
    copyFor("carmen", 2);
    await clearCopies(folder, pin("dora"), () => [session("bobby")]);
    assert.deepEqual(left(), names(open));
    await clearCopies(folder, null, () => [session("bobby")]);
    assert.deepEqual(left(), names(open));
  });

  it("are those of closed windows if their conversation is cleared", async () => {
    const [bobby, carmen] = [copyFor("bobby", 1), copyFor("carmen", 2)];
    const closed = () => [
      session("bobby", { isOpen: false, files: [bobby] }),
      session("carmen", { isOpen: false, files: [carmen] }),
    ];
    await clearCopies(folder, pin("bobby"), closed);
    assert.deepEqual(left(), names(carmen));
    await clearCopies(folder, null, closed);
    assert.deepEqual(left(), []);
  });

  it("are not those that a later session has in its composer", async () => {
    const moved = copyFor("carmen", 1);
    await clearCopies(folder, null, () => [session("bobby", { files: [moved] })]);
    assert.deepEqual(left(), names(moved));
  });

  it("are not those of offers that stay", async () => {
    const offered = copyFor("bobby", 1);
    const sidecar = offered.replace(/copy$/u, "out");
    writeFileSync(sidecar, "");
    await clearCopies(folder, pin("carmen"), () => []);
    assert.deepEqual(left(), names(offered, sidecar));
  });

  it("are not those that came after the look at the folder, and no other files", async () => {
    const other = new Sidecars(folder).copyPath(sid("bobby"), fileId(1)).replace(/copy$/u, "part");
    writeFileSync(other, "");
    let late = "";
    copyFor("carmen", 1);
    await clearCopies(folder, null, () => {
      late = copyFor("bobby", 2);
      return [];
    });
    assert.deepEqual(left(), names(other, late));
  });
});
