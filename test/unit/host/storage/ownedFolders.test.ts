// Folders of files that are kept for conversations: whose they are, and which of them go first.
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { OwnedFolders } from "../../../../extension/host/storage/ownedFolders.ts";
import { refuseModes } from "../../../support/plainDisk.ts";

const KIB = 1024;
const DAY = 86_400;
const NOW = 1_000 * DAY;

describe("folders of kept files", () => {
  let home: string;
  let folders: OwnedFolders;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "fork-chat-owned-"));
    folders = new OwnedFolders(join(home, "kept"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** Keeps a file that is so many days old. Returns its folder. */
  const keep = async (owner: unknown, item: unknown, days = 0, bytes = 1): Promise<string> => {
    const folder = folders.of(owner, item);
    await folders.make(folder);
    writeFileSync(join(folder, "file"), Buffer.alloc(bytes));
    age(join(folder, "file"), days);
    return folder;
  };
  const age = (path: string, days: number): void => utimesSync(path, NOW - days * DAY, NOW - days * DAY);
  const expire = (days: number, bytes?: number): Promise<void> =>
    folders.expire(bytes === undefined ? { days } : { days, bytes }, NOW * 1_000);
  const left = (...all: readonly string[]): boolean[] => all.map((folder) => existsSync(folder));

  it("are made on a disk that refuses rights of files", async () => {
    const end = await refuseModes();
    try {
      assert.ok(existsSync(await keep("bobby", 1)));
    } finally {
      end();
    }
  });

  it("differ by owner and by item, and are named by neither", () => {
    const all = [
      folders.of("anna", "../../a"),
      folders.of("anna", "b"),
      folders.of("bobby", "b"),
      folders.of(["anna", "b"], "b"),
      folders.of(null, "b"),
    ];
    assert.equal(new Set(all).size, all.length);
    assert.equal(all[0], folders.of("anna", "../../a"));
    for (const folder of all) {
      assert.equal(dirname(dirname(folder)), folders.root);
      assert.match(folder.slice(folders.root.length), /^[/\\][\da-f]{32}[/\\][\da-f]{32}$/u);
    }
  });

  it("can be read by the user alone (skipped on Windows)", async function () {
    if (process.platform === "win32") this.skip();
    mkdirSync(folders.root, { mode: 0o755 });
    const folder = await keep("anna", 1);
    for (const path of [folders.root, dirname(folder), folder])
      assert.equal(statSync(path).mode & 0o777, 0o700, path);
  });

  it("go one by one, the last one with that of its owner", async () => {
    const [one, two] = [await keep("anna", 1), await keep("anna", 2)];
    await folders.remove(one);
    assert.deepEqual(left(one, two), [false, true]);
    await folders.remove(two);
    assert.deepEqual(readdirSync(folders.root), []);
    await folders.remove(two);
  });

  it("go with their owner, and all at once", async () => {
    const [one, two, other] = [await keep("anna", 1), await keep("anna", 2), await keep("bobby", 1)];
    await folders.forget("anna", ["bobby"]);
    assert.deepEqual(left(one, two, other), [false, false, true]);
    await folders.forgetAll([]);
    assert.equal(existsSync(folders.root), false);
    await folders.forgetAll([]);
  });

  it("go all at once except those of some owners", async () => {
    const [one, other] = [await keep("anna", 1), await keep("bobby", 1)];
    await folders.forgetAll(["bobby"]);
    assert.deepEqual(left(one, other), [false, true]);
  });

  it("go when they are older than they may be", async () => {
    const [young, old] = [await keep("anna", 1, 3), await keep("anna", 2, 3.01)];
    await expire(3);
    assert.deepEqual(left(young, old), [true, false]);
  });

  it("go the oldest first when they have too many bytes together", async () => {
    const all = [
      await keep("anna", 1, 2, 200 * KIB),
      await keep("anna", 2, 1, 200 * KIB),
      await keep("anna", 3, 0),
    ];
    await expire(9, 528 * KIB);
    assert.deepEqual(left(...all), [true, true, true]);
    await expire(9, 528 * KIB - 1);
    assert.deepEqual(left(...all), [false, true, true]);
  });

  it("count for 128 KiB at least", async () => {
    const all = [await keep("anna", 1, 1), await keep("anna", 2, 0)];
    await expire(9, 256 * KIB);
    assert.deepEqual(left(...all), [true, true]);
    await expire(9, 256 * KIB - 1);
    assert.deepEqual(left(...all), [false, true]);
  });

  it("of an owner who has many do not displace those of others, however old these are", async () => {
    const quiet = await keep("bobby", 1, 8);
    const many = await Promise.all([5, 4, 3, 2, 1].map((days) => keep("anna", days, days)));
    await expire(9, 3 * 128 * KIB);
    assert.deepEqual(left(quiet, ...many), [true, false, false, false, true, true]);
  });

  it("without a file in them wait for eight days", async () => {
    const [young, old] = [folders.of("anna", 1), folders.of("bobby", 1)];
    for (const folder of [young, old]) await folders.make(folder);
    age(young, 8);
    age(old, 8.01);
    await expire(100);
    assert.deepEqual(left(young, old, dirname(old)), [true, false, false]);
  });

  it("that are not there have nothing to expire", async () => {
    await expire(1);
    assert.equal(existsSync(folders.root), false);
  });
});
