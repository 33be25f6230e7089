// A verified file gets into the folder that the user chose: whole, under a free name, and never through a link.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { copyInto, deliver, tidy, type Delivery } from "../../../../extension/host/transfers/delivery.ts";
import { hashOf } from "../../../../extension/host/transfers/hashes.ts";
import { holdRenames } from "../../../support/heldRenames.ts";
import { makeMemoryFolder } from "../../../support/memoryFolder.ts";
import { refuseLinks, refuseModes } from "../../../support/plainDisk.ts";

const BYTES = Buffer.from("a file of the peer");

describe("a verified file", () => {
  let root: string;
  let chosen: string;
  let delivery: Delivery;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-delivery-"));
    chosen = join(root, "chosen");
    mkdirSync(chosen, { mode: 0o755 });
    const part = join(root, "0123.part");
    writeFileSync(part, BYTES, { mode: 0o600 });
    delivery = { part, size: BYTES.length, hashes: [hashOf(BYTES)], name: "a.txt", folder: chosen };
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const put = async (change: Partial<Delivery> = {}): Promise<string> => {
    const wanted = { ...delivery, ...change };
    const path = await deliver(wanted);
    await tidy(wanted);
    return path;
  };

  it("is on the disk before it is in its folder", async () => {
    const handle = await open(delivery.part, "r");
    const proto = Object.getPrototypeOf(handle) as { sync: () => Promise<void> };
    await handle.close();
    const { sync } = proto;
    const there: boolean[] = [];
    proto.sync = function () {
      there.push(existsSync(join(chosen, "a.txt")));
      return sync.call(this);
    };
    try {
      await put();
    } finally {
      proto.sync = sync;
    }
    assert.deepEqual(there, [false]);
  });

  it("is in its folder under its name, as readable as the folder, and nowhere else", async () => {
    const path = await put();
    assert.equal(path, join(chosen, "a.txt"));
    assert.deepEqual(readFileSync(path), BYTES);
    assert.equal(statSync(path).mode & 0o777, 0o644);
    assert.ok(!existsSync(delivery.part));
  });

  it("can be changed by its user alone, also in a folder of everyone", async () => {
    chmodSync(chosen, 0o1777);
    assert.equal(statSync(await put()).mode & 0o777, 0o644);
  });

  it("stays readable for its user in a folder that cannot be listed", async () => {
    chmodSync(chosen, 0o300);
    assert.equal(statSync(await put()).mode & 0o777, 0o600);
    chmodSync(chosen, 0o700);
  });

  it("overwrites nothing: the next free number is taken", async () => {
    writeFileSync(join(chosen, "a.txt"), "mine");
    mkdirSync(join(chosen, "a (2).txt"));
    symlinkSync(join(root, "outside"), join(chosen, "a (3).txt"));
    assert.equal(await put(), join(chosen, "a (4).txt"));
    assert.equal(readFileSync(join(chosen, "a.txt"), "utf8"), "mine");
    assert.ok(!existsSync(join(root, "outside")), "nothing was written through the link");
  });

  it("stays in the folder whatever its peer calls it", async () => {
    assert.equal(await put({ name: "../../x" }), join(chosen, ".._.._x"));
  });

  it("is put where a link leads that the user chose", async () => {
    const link = join(root, "link");
    symlinkSync(chosen, link);
    assert.equal(await put({ folder: link }), join(chosen, "a.txt"));
  });

  it("that was put there before a crash is not put there again", async () => {
    writeFileSync(join(chosen, "a.txt"), "mine");
    linkSync(delivery.part, join(chosen, "a (2).txt"));
    assert.equal(await put(), join(chosen, "a (2).txt"));
    assert.deepEqual(readdirSync(chosen).sort(), ["a (2).txt", "a.txt"]);
  });

  it("that is not what was verified stays where it is", async () => {
    writeFileSync(delivery.part, "short");
    await assert.rejects(put());
    assert.deepEqual(readdirSync(chosen), []);
  });

  it("stays where it is when there is no such folder any more", async () => {
    rmSync(chosen, { recursive: true });
    await assert.rejects(put());
    assert.ok(existsSync(delivery.part) && !existsSync(chosen));
  });

  /** A system that records what is marked, and what has its name by then. */
  const marking = (onWindows: boolean) => {
    const marked: string[] = [];
    const mark = (path: string): Promise<void> => {
      assert.deepEqual(readFileSync(path), BYTES);
      marked.push(...[path, ...readdirSync(chosen)].map((each) => basename(each)));
      return Promise.resolve();
    };
    return { onWindows, mark, marked };
  };

  it("is marked as received before it is in its folder", async () => {
    const { marked, ...system } = marking(false);
    await deliver(delivery, system);
    assert.deepEqual(marked, ["0123.part"]);
  });

  it("is copied on Windows, so that it has the rights of its folder, and marked before it has its name", async () => {
    const { marked, ...system } = marking(true);
    const path = await deliver(delivery, system);
    assert.deepEqual(marked, [".0123.part", ".0123.part"]);
    assert.notEqual(lstatSync(path).ino, lstatSync(delivery.part).ino);
    assert.equal(await deliver(delivery, system), path, "also after a crash, it is there once");
    await tidy(delivery);
    assert.deepEqual(readdirSync(chosen), ["a.txt"]);
    assert.deepEqual(readFileSync(path), BYTES);
  });

  it("of which another copy is saved is marked there, too", async () => {
    const { marked, ...system } = marking(true);
    await copyInto(chosen, "a.txt", delivery.part, system);
    assert.deepEqual(marked, ["a.txt", "a.txt"]);
  });

  it("leaves no half behind if another copy of it cannot be saved", async () => {
    await assert.rejects(copyInto(chosen, "a.txt", join(root, "gone")), { code: "ENOENT" });
    assert.deepEqual(readdirSync(chosen), []);
  });

  it("leaves no empty file behind where it can have neither a second name nor a new one", async () => {
    const end = refuseLinks("EIO");
    try {
      await assert.rejects(put(), { code: "EIO" });
    } finally {
      end();
    }
    assert.deepEqual(readdirSync(chosen), []);
    assert.equal(await put(), join(chosen, "a.txt"));
  });

  it("waits on Windows until no virus scanner has its empty file open", async () => {
    const end = refuseLinks();
    const held = holdRenames(2);
    try {
      assert.equal(await deliver(delivery, marking(true)), join(chosen, "a.txt"));
    } finally {
      held.end();
      end();
    }
    assert.deepEqual(readdirSync(chosen), ["a.txt"]);
  });

  for (const code of ["EPERM", "ENOTSUP", "ENOSYS"])
    it(`is saved on a disk that refuses rights of files: ${code}`, async () => {
      const end = await refuseModes(code);
      const endLinks = refuseLinks();
      try {
        assert.deepEqual(readFileSync(await put()), BYTES);
        assert.equal(await copyInto(chosen, "a.txt", join(chosen, "a.txt")), join(chosen, "a (2).txt"));
      } finally {
        endLinks();
        end();
      }
      assert.deepEqual(readFileSync(join(chosen, "a (2).txt")), BYTES);
      assert.deepEqual(readdirSync(chosen).sort(), ["a (2).txt", "a.txt"]);
    });

  it("is not saved when its rights cannot be set for another reason", async () => {
    const end = await refuseModes("EIO");
    try {
      await assert.rejects(put(), { code: "EIO" });
    } finally {
      end();
    }
  });

  it("is marked by the system (skipped on Linux, which has no such mark)", async function () {
    if (process.platform !== "win32" && process.platform !== "darwin") return this.skip();
    const path = await put();
    const mark =
      process.platform === "win32"
        ? readFileSync(`${path}:Zone.Identifier`, "utf8")
        : execFileSync("/usr/bin/xattr", ["-p", "com.apple.quarantine", path], { encoding: "utf8" });
    assert.match(mark, /^\[ZoneTransfer\]\r\nZoneId=3\r\n$|^0081;[\da-f]{8};Fork Chat;/u);
  });

  describe("for another disk (skipped where there is only one)", () => {
    let memory: string;
    before(function () {
      memory = makeMemoryFolder("fork-chat-delivery-");
      if (statSync(memory).dev === statSync(tmpdir()).dev) this.skip();
    });
    after(() => rmSync(memory, { recursive: true, force: true }));
    afterEach(() => {
      for (const name of readdirSync(memory)) rmSync(join(memory, name));
    });

    it("is copied as a whole, and leaves no half of it behind", async () => {
      writeFileSync(join(memory, "a.txt"), "mine");
      assert.equal(await put({ folder: memory }), join(memory, "a (2).txt"));
      assert.deepEqual(readFileSync(join(memory, "a (2).txt")), BYTES);
      assert.deepEqual(readdirSync(memory).sort(), ["a (2).txt", "a.txt"]);
      assert.ok(!existsSync(delivery.part));
    });

    it("is checked again while it is copied: a wrong byte does not get there", async () => {
      writeFileSync(delivery.part, Buffer.from(BYTES).fill(0, 3, 4));
      await assert.rejects(put({ folder: memory }));
      assert.deepEqual(readdirSync(memory), []);
      assert.ok(existsSync(delivery.part));
    });

    it("that was copied before a crash is not copied again", async () => {
      const copy = join(memory, ".0123.part");
      writeFileSync(copy, BYTES);
      linkSync(copy, join(memory, "a.txt"));
      assert.equal(await put({ folder: memory }), join(memory, "a.txt"));
      assert.deepEqual(readdirSync(memory), ["a.txt"]);
    });

    it("is copied when something else has the name of its copy", async () => {
      const copy = join(memory, ".0123.part");
      for (const [i, plant] of [
        () => symlinkSync(join(root, "outside"), copy),
        () => writeFileSync(copy, Buffer.from(BYTES).fill(0)),
      ].entries()) {
        plant();
        linkSync(copy, join(memory, `planted ${i}`));
        const part = join(root, "0123.part");
        writeFileSync(part, BYTES);
        const path = await put({ folder: memory });
        assert.ok(lstatSync(path).isFile());
        assert.deepEqual(readFileSync(path), BYTES);
      }
    });

    it("replaces the half of a copy that a crash left", async () => {
      writeFileSync(join(memory, ".0123.part"), "a fi");
      assert.equal(await put({ folder: memory }), join(memory, "a.txt"));
      assert.deepEqual(readFileSync(join(memory, "a.txt")), BYTES);
      assert.deepEqual(readdirSync(memory), ["a.txt"]);
    });
  });
});
