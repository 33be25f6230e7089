// Pictures that this machine keeps: only real ones, each in a folder of its own, bounded, and gone when they are forgotten.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import * as v from "valibot";
import { KeptFile } from "../../../../protocol/webview.ts";
import type { Conversation } from "../../../../extension/core/model/conversation.ts";
import { makeFolder } from "../../../../extension/host/transfers/places.ts";
import { isNamedPicture, KeptFiles } from "../../../../extension/host/transfers/keptFiles.ts";
import { pin, SERVER } from "../../../support/core.ts";
import { fileId } from "../../../support/fileIds.ts";

/** What each file counts for at least. */
const LEAST_BYTES = 128 * 1024;
const DAY_MS = 24 * 3_600_000;
const withPeer = (name: string): Conversation => ({
  ...{ server: SERVER, identity: "anna" },
  peer: { name, pin: pin(name) },
});

describe("kept files", () => {
  let root: string;
  let kept: KeptFiles;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-kept-"));
    kept = new KeptFiles(join(root, "kept"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const picture = async (kind: "png" | "jpeg" = "png"): Promise<string> => {
    const path = join(root, `source.${kind}`);
    await sharp({ create: { width: 30, height: 20, channels: 3, background: "red" } })
      .toFormat(kind)
      .toFile(path);
    return path;
  };
  const keep = async (n: number, name = "a.png", conversation = withPeer("bobby")): Promise<KeptFile> => {
    const folder = kept.folderOf(conversation, fileId(n), false);
    return (await kept.keepPicture(folder, name, await picture())) ?? assert.fail();
  };

  it("are found by a path that the page may use, with their size, for the user alone", async () => {
    const found = await keep(1);
    assert.deepEqual(v.parse(KeptFile, found), found);
    assert.deepEqual(found.picture, { width: 30, height: 20 });
    const path = kept.pathOf(found);
    assert.ok(path.endsWith("a.png"));
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  });

  it("say whether they may move", async () => {
    const path = join(root, "a.gif");
    await sharp({ create: { width: 30, height: 20, channels: 3, background: "red" } }).toFile(path);
    const folder = kept.folderOf(withPeer("bobby"), fileId(1), false);
    const found = await kept.keepPicture(folder, "a.gif", path);
    assert.deepEqual(found?.picture, { width: 30, height: 20, moves: true });
  });

  for (const [name, expected] of [
    ["..", "_.png"],
    [".png", "_png.png"],
    ["../../x.png", "x.png"],
    ["photo.jpg", "photo.jpg.png"],
    ["setup.exe", "setup.exe.png"],
    ["a\u202egnp.exe", "a_gnp.exe.png"],
  ] as const)
    it(`have a name that says what they are and leads nowhere else: ${JSON.stringify(name)}`, async () => {
      const found = await keep(1, name);
      assert.ok(v.is(KeptFile, found));
      assert.equal(found.path.split("/").at(-1), expected);
      assert.ok(existsSync(kept.pathOf(found)));
    });

  it("are no other files, no links to folders, and none that are too large", async () => {
    const folder = kept.folderOf(withPeer("bobby"), fileId(1), false);
    writeFileSync(join(root, "a.png"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
    assert.equal(await kept.keepPicture(folder, "a.png", join(root, "a.png")), null);
    assert.equal(await kept.keepPicture(folder, "a.png", root), null);
    const large = await picture();
    writeFileSync(large, new Uint8Array(10 * 1024 * 1024), { flag: "a" });
    assert.equal(await kept.keepPicture(folder, "a.png", large), null);
    assert.equal(existsSync(folder), false);
  });

  it("say of a file in its folder that it is no picture, and nothing of one elsewhere", async () => {
    const found = await keep(1);
    writeFileSync(kept.pathOf(found), "hello");
    assert.deepEqual(await kept.describe(kept.pathOf(found)), { path: found.path });
    assert.equal(await kept.describe(join(root, "source.png")), null);
  });

  it("are those of one conversation and one file each, whoever chose the id", () => {
    const paths = [
      kept.folderOf(withPeer("bobby"), fileId(1), false),
      kept.folderOf(withPeer("bobby"), fileId(1), true),
      kept.folderOf(withPeer("bobby"), fileId(2), false),
      kept.folderOf(withPeer("carmen"), fileId(1), false),
    ];
    assert.equal(new Set(paths).size, 4);
  });

  it("go one by one, with their conversation, and all together", async () => {
    const [first, second, other] = [await keep(1), await keep(2), await keep(1, "a.png", withPeer("carmen"))];
    const isThere = (...files: KeptFile[]) => files.map((each) => existsSync(kept.pathOf(each)));
    await kept.remove(first);
    assert.deepEqual(isThere(first, second, other), [false, true, true]);
    await kept.forget(withPeer("bobby"), [withPeer("carmen")]);
    assert.deepEqual(isThere(second, other), [false, true]);
    await kept.forget(null, [withPeer("carmen"), withPeer("dora")]);
    assert.deepEqual(isThere(other), [true]);
    await kept.forget(null, []);
    assert.equal(existsSync(kept.folder), false);
  });

  it("go when they are too old, and the oldest when they are too many", async () => {
    const now = Date.now();
    const files = [await keep(1), await keep(2), await keep(3)];
    for (const [i, each] of files.entries()) {
      const at = (now - (3 - i) * DAY_MS) / 1000;
      utimesSync(kept.pathOf(each), at, at);
    }
    const isThere = () => files.map((each) => existsSync(kept.pathOf(each)));
    await kept.expire({ days: 2.5 }, now);
    assert.deepEqual(isThere(), [false, true, true]);
    await kept.expire({ days: 30, bytes: LEAST_BYTES }, now);
    assert.deepEqual(isThere(), [false, false, true]);
    assert.equal(readdirSync(kept.folder).length, 1);
  });

  it("count for more than their bytes if they have few, so that there are not too many", async () => {
    const files = [await keep(1), await keep(2), await keep(3)];
    await kept.expire({ days: 30, bytes: 3 * LEAST_BYTES - 1 }, Date.now());
    assert.equal(files.filter((each) => existsSync(kept.pathOf(each))).length, 2);
  });

  it("go first in the conversation that has the most, however new they are there", async () => {
    const now = Date.now();
    const other = await keep(1, "a.png", withPeer("carmen"));
    utimesSync(kept.pathOf(other), now / 1000 - 3_600, now / 1000 - 3_600);
    const many = [await keep(1), await keep(2), await keep(3), await keep(4)];
    for (const [i, each] of many.entries()) utimesSync(kept.pathOf(each), now / 1000 + i, now / 1000 + i);
    await kept.expire({ days: 30, bytes: 2 * LEAST_BYTES }, now);
    const isThere = [other, ...many].map((each) => existsSync(kept.pathOf(each)));
    assert.deepEqual(isThere, [true, false, false, false, true]);
  });

  it("leave no folders of files that never came", async () => {
    const now = Date.now();
    const [old, young] = [1, 2].map((n) => kept.folderOf(withPeer("bobby"), fileId(n), false));
    assert.ok(old !== undefined && young !== undefined);
    for (const folder of [old, young]) await makeFolder(folder);
    utimesSync(old, now / 1000 - 9 * 86_400, now / 1000 - 9 * 86_400);
    await kept.expire({ days: 30 }, now);
    assert.deepEqual([existsSync(old), existsSync(young)], [false, true]);
  });

  it("are read once, and do not wait for a pipe that someone put in their place (skipped on Windows)", async function () {
    if (process.platform === "win32") return this.skip();
    const pipe = join(root, "a.png");
    execFileSync("mkfifo", [pipe]);
    const folder = kept.folderOf(withPeer("bobby"), fileId(1), false);
    assert.equal(await kept.keepPicture(folder, "a.png", pipe), null);
    assert.equal(existsSync(folder), false);
  });

  it("may come without asking only under the name of a picture", () => {
    const names = ["a.png", "A.JPG", "b.jpeg", "c.gif", "d.webp", ".png", "e.svg", "f.png.exe", "g"];
    assert.deepEqual(names.filter(isNamedPicture), ["a.png", "A.JPG", "b.jpeg", "c.gif", "d.webp"]);
  });
});
