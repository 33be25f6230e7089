// Names of people who are away: how long, how many, and what a restart leaves of them.
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nameKey } from "../../protocol/names.ts";
import { HeldNames, type HeldName } from "../../server/heldNames.ts";
import { readNames, writeNames } from "../../server/namesFile.ts";
import { openNameStore, type NameStore } from "../../server/nameStore.ts";
import { Registry, type Holder } from "../../server/registry.ts";
import { pin } from "../support/core.ts";

const LIMITS = { heldNames: 4, heldNamesPerAddress: 2, heldNameMs: 1000 };

const held = (name: string, since = 0, address = name): HeldName => ({
  name,
  pin: pin(name),
  address,
  since,
  stayed: 0,
});

describe("names of people who are away", () => {
  let forgotten: string[];
  let names: HeldNames;
  beforeEach(() => {
    forgotten = [];
    names = new HeldNames(LIMITS, (name) => forgotten.push(name));
  });

  it("belong to the key that bore them, in whatever case, until their time is over", () => {
    names.hold(held("Anna", 100));
    assert.equal(names.owner(nameKey("ANNA"), 1099), pin("Anna"));
    assert.equal(names.owner("bobby", 1099), undefined);
    assert.equal(names.owner(nameKey("anna"), 1100), undefined);
    assert.deepEqual([names.entries(), forgotten], [[], ["Anna"]]);
  });

  it("are given back once", () => {
    names.hold(held("anna"));
    assert.deepEqual([names.release("anna"), names.release("anna")], [true, false]);
    assert.deepEqual([names.owner("anna", 0), forgotten], [undefined, ["anna"]]);
  });

  it("are those of the last who bore them", () => {
    names.hold(held("anna", 0));
    names.hold({ ...held("ANNA", 500), pin: pin("other") });
    assert.equal(names.owner("anna", 1200), pin("other"));
    assert.equal(names.entries().length, 1);
  });

  it("over the limit of an address cost it its own oldest one, and nobody else's", () => {
    for (const [name, address] of [
      ["other", "1"],
      ["a", "2"],
      ["b", "2"],
      ["c", "2"],
    ] as const)
      names.hold(held(name, 0, address));
    assert.deepEqual(
      names.entries().map(({ name }) => name),
      ["other", "b", "c"],
    );
    assert.deepEqual(forgotten, ["a"]);
    names.release("b");
    names.hold(held("d", 0, "2"));
    assert.deepEqual(
      names.entries().map(({ name }) => name),
      ["other", "c", "d"],
    );
  });

  it("over the limit of all cost the oldest", () => {
    for (const name of ["a", "b", "c", "d", "e"]) names.hold(held(name));
    assert.deepEqual(
      names.entries().map(({ name }) => name),
      ["b", "c", "d", "e"],
    );
  });
});

describe("names held for one address", () => {
  it("are those of who was there for long: who comes and goes pushes nobody out", () => {
    const forgotten: string[] = [];
    const names = new HeldNames(LIMITS, (name) => forgotten.push(name));
    names.hold({ ...held("anna", 0, "shared"), stayed: 600_000 });
    for (let i = 0; i < 10; i++) names.hold({ ...held(`mallory${i}`, i, "shared"), stayed: 1 });
    assert.equal(names.owner("anna", 100), pin("anna"));
    assert.ok(forgotten.every((name) => name.startsWith("mallory")));
  });
});

describe("the registry of names", () => {
  let now: number;
  let kept: HeldName[];
  const person = (key: string): Holder => ({ pin: pin(key), addressKey: "1", cameAt: 0 });
  const registry = (before: readonly HeldName[] = []): Registry<Holder> =>
    new Registry(
      LIMITS,
      before,
      (names) => (kept = names()),
      () => now,
    );
  beforeEach(() => {
    now = 0;
    kept = [];
  });

  it("keeps a name for its key, and gives others a numbered one", () => {
    const people = registry();
    people.leave(people.enter("anna", person("anna")), false);
    const stranger = people.enter("anna", person("stranger"));
    assert.equal(stranger.name, "anna_2");
    assert.equal(people.enter("ANNA", person("anna")).name, "ANNA");
  });

  it("gives a name to anybody that was given up, or kept for too long", () => {
    const people = registry();
    people.leave(people.enter("anna", person("anna")), true);
    const stranger = people.enter("anna", person("stranger"));
    assert.equal(stranger.name, "anna");
    people.leave(stranger, false);
    now += LIMITS.heldNameMs;
    assert.equal(people.enter("anna", person("third")).name, "anna");
  });

  it("knows look-alikes of names in use and of names that are kept, and forgets them with these", () => {
    const people = registry([held("Bob", 0)]);
    const anna = people.enter("anna", person("anna"));
    assert.deepEqual(
      ["аnna", "B0b", "anna", "carmen"].map((name) => people.hasLookalike(name)),
      [true, true, false, false],
    );
    people.leave(anna, true);
    now += LIMITS.heldNameMs;
    people.enter("carmen", person("carmen"));
    assert.deepEqual(
      ["аnna", "B0b"].map((name) => people.hasLookalike(name)),
      [false, false],
    );
  });

  it("would leave everybody's names to a server that is started anew: of those here, and of those away", () => {
    const people = registry();
    people.leave(people.enter("anna", person("anna")), false);
    now = 300;
    people.enter("bobby", person("bobby"));
    assert.deepEqual(
      kept.map(({ name, since }) => [name, since]),
      [
        ["anna", 0],
        ["bobby", 300],
      ],
    );
    const after = registry(kept);
    assert.equal(after.enter("bobby", person("stranger")).name, "bobby_2");
    assert.equal(after.enter("bobby", person("bobby")).name, "bobby");
  });
});

describe("the file of names", () => {
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
  beforeEach(() => {
    last = undefined;
    folder = mkdtempSync(join(tmpdir(), "fork-chat-names-"));
    log = [];
  });
  afterEach(() => {
    last?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("gives back what was kept, and is for its owner's eyes", () => {
    const store = open(join(folder, "data"));
    assert.deepEqual(store.before, []);
    store.changed(() => [held("anna")]);
    store.changed(() => [held("anna"), held("bobby")]);
    store.close();
    assert.deepEqual(open(join(folder, "data")).before, [held("anna"), held("bobby")]);
    assert.equal(statSync(join(folder, "data", "names.json")).mode & 0o077, 0);
    last?.close();
    assert.deepEqual([readdirSync(join(folder, "data")), log], [["names.json"], []]);
  });

  it("writes nothing when nothing has changed", () => {
    open().close();
    assert.deepEqual(readdirSync(folder), []);
  });

  it("that is damaged is kept aside and logged; whole entries are used", () => {
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

  it("keeps the newest damaged files alone", () => {
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

  it("that cannot be written is logged once, and written as soon as that is possible", () => {
    const store = open();
    mkdirSync(join(folder, "names.json.new"));
    store.changed(() => [held("anna")]);
    store.close();
    store.close();
    assert.deepEqual(log, ["error names-not-kept"]);
    rmdirSync(join(folder, "names.json.new"));
    store.close();
    assert.deepEqual(log, ["error names-not-kept", "info names-kept-again"]);
    assert.deepEqual(open().before, [held("anna")]);
  });
});

describe("the text of the file of names", () => {
  const [anna, bobby, carmen] = [held("anna"), held("bobby"), held("carmen")];
  const whole = writeNames([anna, bobby, carmen]);
  const read = (text: string) => readNames(text, 1_000);

  it("is read as it was written, with a byte order mark, CRLF or on one line too", () => {
    for (const text of [whole, `\uFEFF${whole}`, whole.replaceAll("\n", "\r\n"), whole.replaceAll("\n", "")])
      assert.deepEqual(read(text), { names: [anna, bobby, carmen], damage: undefined });
  });

  it("gives back every whole entry, whatever happened to the rest, and says that something did", () => {
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

  it("keeps no name for longer because a clock was ahead", () => {
    const [ahead] = read(writeNames([{ ...anna, since: 1e15 }])).names;
    assert.equal(ahead?.since, 1_000);
  });
});
