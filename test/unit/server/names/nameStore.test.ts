// The files that keep names: what a restart, a death and damage leave of them.
import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HeldName } from "../../../../server/names/heldNames.ts";
import {
  applyLog,
  readNames,
  writeChange,
  writeLogHead,
  writeNames,
} from "../../../../server/names/namesFile.ts";
import { openNameStore, type NameStore } from "../../../../server/names/nameStore.ts";
import { pin } from "../../../support/core.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

const held = (name: string, since = 0): HeldName => ({
  name,
  pin: pin(name),
  address: name,
  since,
  first: 0,
});
const away = (name: string, since = 0) => ({ name: held(name, since), here: false });

describe("the names file", () => {
  let folder: string;
  let log: string[];
  let last: NameStore | undefined;
  /** As the only server: the one before has ended. */
  const open = (path = folder) => {
    last?.close();
    const store = openNameStore(
      path,
      (level, event) => log.push(`${level} ${event}`),
      () => 1_000,
    );
    assert.ok(store.ok, store.ok ? "" : store.error);
    last = store.value;
    return store.value;
  };
  /** What a server finds where the last one was killed. */
  const afterDeath = (): readonly HeldName[] => {
    const copy = join(folder, "copy");
    mkdirSync(copy);
    for (const name of ["names.json", "names.log"])
      if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
    return open(copy).before;
  };
  beforeEach(() => {
    last = undefined;
    folder = mkdtempSync(join(tmpdir(), "fork-chat-names-"));
    log = [];
  });
  afterEach(() => {
    last?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("restores what was saved, and is readable for its owner only", () => {
    const store = open(join(folder, "data"));
    assert.deepEqual(store.before, []);
    store.changed(away("anna"), () => [away("anna")]);
    store.changed(away("bobby"), () => [away("anna"), away("bobby")]);
    store.close();
    assert.deepEqual(open(join(folder, "data")).before, [held("anna"), held("bobby")]);
    assert.equal(statSync(join(folder, "data", "names.json")).mode & 0o077, 0);
    last?.close();
    assert.deepEqual([readdirSync(join(folder, "data")), log], [["names.json"], []]);
  });

  it("is not written when nothing has changed", () => {
    open().close();
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is set aside and logged when damaged; intact entries are used", () => {
    const damaged = `{"version":1,"names":[{"name":"an na"},${JSON.stringify(held("bobby"))}]}`;
    writeFileSync(join(folder, "names.json"), damaged);
    assert.deepEqual([open().before, log], [[held("bobby")], ["error names-damaged"]]);
    const aside = readdirSync(folder).filter((name) => name.startsWith("names.json.damaged-"));
    assert.deepEqual(
      aside.map((name) => readFileSync(join(folder, name), "utf8")),
      [damaged],
    );
    assert.deepEqual([open().before, log.length], [[held("bobby")], 1]);
  });

  it("keeps only the newest damaged files", () => {
    for (let n = 1; n <= 12; n++) {
      writeFileSync(join(folder, "names.json"), String(n));
      const store = openNameStore(
        folder,
        () => undefined,
        () => n,
      );
      assert.ok(store.ok);
      store.value.close();
    }
    const aside = readdirSync(folder).filter((name) => name !== "names.json");
    assert.deepEqual(
      aside.map((name) => readFileSync(join(folder, name), "utf8")).sort((a, b) => Number(a) - Number(b)),
      ["5", "6", "7", "8", "9", "10", "11", "12"],
    );
  });

  it("logs once that it cannot be written, and is written as soon as possible", () => {
    const store = open();
    mkdirSync(join(folder, "names.json.new"));
    store.changed(away("anna"), () => [away("anna")]);
    store.close();
    store.close();
    assert.deepEqual(log, ["error names-not-kept"]);
    rmdirSync(join(folder, "names.json.new"));
    store.close();
    assert.deepEqual(log, ["error names-not-kept", "info names-kept-again"]);
    assert.deepEqual(open().before, [held("anna")]);
  });

  describe("the names file and its log", () => {
    const timers = new FakeTimers();
    beforeEach(() => timers.install());
    afterEach(() => timers.uninstall());

    it("take changes one by one, and restore all of them after a crash", () => {
      const store = open();
      for (const name of ["anna", "bobby", "carmen"]) {
        store.changed(away(name), () => [away("anna")]);
        timers.pass(200);
      }
      store.changed({ gone: "anna" }, () => []);
      timers.pass(200);
      const names = readFileSync(join(folder, "names.json"), "utf8");
      assert.deepEqual([names.includes("anna"), names.includes("bobby")], [true, false]);
      assert.equal(statSync(join(folder, "names.log")).mode & 0o077, 0);
      assert.deepEqual(afterDeath(), [held("bobby"), held("carmen")]);
    });

    it("are set aside when the log is damaged; intact changes are used", () => {
      const names = writeNames([away("anna")], "log-1");
      const changes = `${writeLogHead("log-1")}nonsense\n${writeChange(away("bobby"))}`;
      writeFileSync(join(folder, "names.json"), names);
      writeFileSync(join(folder, "names.log"), changes);
      assert.deepEqual([open().before, log], [[held("anna"), held("bobby")], ["error names-damaged"]]);
      const aside = readdirSync(folder).filter((name) => name.startsWith("names.json.damaged-"));
      assert.deepEqual(
        aside.map((name) => readFileSync(join(folder, name), "utf8")),
        [names, changes],
      );
      assert.deepEqual([open().before, log.length], [[held("anna"), held("bobby")], 1]);
    });

    it("follow no link in the log's place", () => {
      const store = open();
      const victim = join(folder, "victim");
      writeFileSync(victim, "as it was");
      store.changed(away("anna"), () => [away("anna")]);
      timers.pass(200);
      symlinkSync(victim, join(folder, "names.log"));
      store.changed(away("bobby"), () => [away("anna"), away("bobby")]);
      timers.pass(200);
      assert.deepEqual(log, ["error names-not-kept"]);
      timers.pass(10_000);
      assert.deepEqual(log, ["error names-not-kept", "info names-kept-again"]);
      assert.equal(readFileSync(victim, "utf8"), "as it was");
      assert.deepEqual(afterDeath(), [held("anna"), held("bobby")]);
    });

    it("cost as much as the changes, however many names there are", () => {
      const crowd = Array.from({ length: 2_000 }, (_, n) => away(`guest-${n}`));
      const store = open();
      let written = 0;
      let file = 0;
      let length = 0;
      const count = (): void => {
        const { ino, size } = statSync(join(folder, "names.json"));
        if (ino !== file) written += size;
        file = ino;
        const now = statSync(join(folder, "names.log"), { throwIfNoEntry: false })?.size ?? 0;
        written += now >= length ? now - length : now;
        length = now;
      };
      store.changed(away("guest-0"), () => crowd);
      timers.pass(200);
      count();
      const once = written;
      for (let n = 0; n < 300; n++) {
        store.changed(away(`guest-${n}`), () => crowd);
        timers.pass(200);
        count();
      }
      assert.ok(written < 2 * once, `${written} bytes for 300 changes, ${once} for all names`);
    });
  });
});

describe("the text of the names file", () => {
  const [anna, bobby, carmen] = [held("anna"), held("bobby"), held("carmen")];
  const whole = writeNames([away("anna"), away("bobby"), away("carmen")], "log-1");
  const read = (text: string) => readNames(text, 1_000);

  it("is read as it was written, and with a byte order mark, CRLF or on one line", () => {
    for (const text of [whole, `\uFEFF${whole}`, whole.replaceAll("\n", "\r\n"), whole.replaceAll("\n", "")])
      assert.deepEqual(read(text), { names: [anna, bobby, carmen], log: "log-1", damage: undefined });
  });

  it("restores every intact entry, whatever happened to the rest, and reports the damage", () => {
    const anywhere = whole.indexOf("bobby");
    for (const [text, names] of [
      [whole.slice(0, anywhere), [anna]],
      [whole.slice(anywhere), [carmen]],
      [whole.slice(0, -4), [anna, bobby, carmen]],
      [whole.replace('"bobby"', '"bob by"'), [anna, carmen]],
      [whole.replace('"bobby"', '"bobby'), [anna, carmen]],
      [whole.replace('"bobby"', "null"), [anna, carmen]],
      [whole.replace(JSON.stringify(bobby), "7"), [anna, carmen]],
      [whole.replace('"version":1', '"version":2'), [anna, bobby, carmen]],
      [whole.replace('"version":1,', ""), [anna, bobby, carmen]],
      [whole.replace('"names"', '"people"'), [anna, bobby, carmen]],
      [`${whole}${whole.slice(0, 20)}`, [anna, bobby, carmen]],
      ["", []],
      ["\0".repeat(500), []],
      ["[]", []],
    ] as const) {
      const result = read(text);
      assert.deepEqual(result.names, names, text);
      assert.notEqual(result.damage, undefined, text);
    }
  });

  it("keeps no name longer because a clock was ahead", () => {
    const [ahead] = read(
      writeNames([{ name: { ...anna, since: 1e15, first: 1e15 }, here: false }], ""),
    ).names;
    assert.deepEqual([ahead?.since, ahead?.first], [1_000, 1_000]);
  });

  it("of an earlier release is read: the longest members came first", () => {
    const { name, pin, address } = anna;
    const entry = { name, pin, address, since: 900, stayed: 600 };
    const [known] = read(`{"version":1,"names":[${JSON.stringify(entry)}]}`).names;
    assert.equal(known?.first, 300);
  });

  it("marks everyone who was online when the server ended as having left now", () => {
    const [here] = read(writeNames([{ name: anna, here: true }], "")).names;
    assert.equal(here?.since, 1_000);
  });
});

describe("the names log", () => {
  const file = readNames(writeNames([away("anna"), away("bobby")], "log-1"), 1_000);
  const head = writeLogHead("log-1");
  const changes = [writeChange(away("carmen", 5)), writeChange({ gone: "anna" })];
  const log = head + changes.join("");

  it("is applied to the file's names", () => {
    assert.deepEqual(applyLog(file, log, 1_000).names, [held("bobby"), held("carmen", 5)]);
  });

  it("is ignored with another file", () => {
    for (const other of [log.replace("log-1", "log-2"), changes.join(""), "", "\n"])
      assert.deepEqual(applyLog(file, other, 1_000), file);
  });

  it("is applied to a file so damaged that its log is unknown", () => {
    assert.deepEqual(applyLog(readNames("", 1_000), log, 1_000).names, [held("carmen", 5)]);
  });

  it("with its end cut off yields every intact change, and is not damaged", () => {
    const afterFirst = (head + (changes[0] ?? "")).length;
    for (let end = head.length; end < log.length; end++) {
      const { names, damage } = applyLog(file, log.slice(0, end), 1_000);
      assert.deepEqual([names.length, damage], [end < afterFirst ? 2 : 3, undefined]);
    }
  });

  it("that is damaged yields every intact change, and reports the damage", () => {
    const { names, damage } = applyLog(file, log.replace("carmen", "car men"), 1_000);
    assert.deepEqual([names, damage], [[held("bobby")], "1 of 2 changes cannot be read"]);
  });
});
