// Names of people who are away: for how long, and whose go when there are too many.
import assert from "node:assert/strict";
import { nameKey } from "../../../../protocol/names.ts";
import { HeldNames, type HeldName } from "../../../../server/names/heldNames.ts";
import { Registry, type Holder } from "../../../../server/names/registry.ts";
import { pin } from "../../../support/core.ts";

const LIMITS = { heldNames: 4, heldNamesPerKey: 3, heldNameMs: 1000 };

/** An owner who joined at `first` and left at `since`. */
const held = (name: string, since = 0, address = name, first = 0): HeldName => ({
  name,
  pin: pin(name),
  address,
  since,
  first,
});

describe("names of people who are away", () => {
  let forgotten: string[];
  let names: HeldNames;
  beforeEach(() => {
    forgotten = [];
    names = new HeldNames(LIMITS, ({ name }) => forgotten.push(name));
  });

  it("belong to their last key, in any case, until their time is over", () => {
    names.hold(held("Anna", 100));
    assert.equal(names.owner(nameKey("ANNA"), 1099), pin("Anna"));
    assert.equal(names.owner("bobby", 1099), undefined);
    assert.equal(names.owner(nameKey("anna"), 1100), undefined);
    assert.deepEqual([names.entries(), forgotten], [[], ["Anna"]]);
  });

  it("are returned once", () => {
    names.hold(held("anna"));
    assert.deepEqual([names.release("anna"), names.release("anna")], [true, false]);
    assert.deepEqual([names.owner("anna", 0), forgotten], [undefined, ["anna"]]);
  });

  it("belong to their latest owner", () => {
    names.hold(held("anna", 0));
    names.hold({ ...held("ANNA", 500), pin: pin("other") });
    assert.equal(names.owner("anna", 1200), pin("other"));
    assert.equal(names.entries().length, 1);
  });

  it("over a key's limit cost that key the one that it left longest ago", () => {
    names.hold(held("anna", 0));
    for (const name of ["a", "b", "c", "d"]) names.hold({ ...held(name, 1), pin: pin("many") });
    assert.deepEqual(forgotten, ["a"]);
    assert.equal(names.firstOf(pin("many")), 0);
    assert.equal(names.firstOf(pin("nobody")), undefined);
  });

  it("are not lost to others who join and leave, from any number of addresses", () => {
    names.hold(held("anna", 0, "192.0.2.1"));
    for (let n = 1; n < 50; n++) names.hold(held(`mallory${n}`, n, `198.51.100.${n}`, n));
    assert.equal(names.owner("anna", 60), pin("anna"));
    assert.ok(forgotten.every((name) => name.startsWith("mallory")));
  });
});

describe("the name registry", () => {
  let now: number;
  let kept: HeldName[];
  const person = (key: string, since = now): Holder => ({ pin: pin(key), address: "1", since });
  const registry = (before: readonly HeldName[] = []): Registry<Holder> =>
    new Registry(LIMITS, before, (_change, all) => (kept = all(now).map(({ name }) => name)));
  beforeEach(() => {
    now = 0;
    kept = [];
  });

  it("keeps a name for its key, and gives others a numbered one", () => {
    const people = registry();
    people.leave(people.enter("anna", person("anna"), now), false, now);
    const stranger = people.enter("anna", person("stranger"), now);
    assert.equal(stranger.name, "anna_2");
    assert.equal(people.enter("ANNA", person("anna"), now).name, "ANNA");
  });

  it("gives anyone a name that was released, or kept too long", () => {
    const people = registry();
    people.leave(people.enter("anna", person("anna"), now), true, now);
    const stranger = people.enter("anna", person("stranger"), now);
    assert.equal(stranger.name, "anna");
    people.leave(stranger, false, now);
    now += LIMITS.heldNameMs;
    assert.equal(people.enter("anna", person("third"), now).name, "anna");
  });

  it("knows look-alikes of names in use and of kept names, and forgets them with these", () => {
    const people = registry([held("Bob", 0)]);
    const anna = people.enter("anna", person("anna"), now);
    assert.deepEqual(
      ["аnna", "B0b", "anna", "carmen"].map((name) => people.hasLookalike(name, pin("somebody"), now)),
      [true, true, false, false],
    );
    people.leave(anna, true, now);
    now += LIMITS.heldNameMs;
    people.enter("carmen", person("carmen"), now);
    assert.deepEqual(
      ["аnna", "B0b"].map((name) => people.hasLookalike(name, pin("somebody"), now)),
      [false, false],
    );
  });

  it("gives no one a numbered name that looks like another one", () => {
    const people = registry();
    for (const name of ["ops", "орѕ_2", "орѕ_3"]) people.enter(name, person("anna"), now);
    assert.equal(people.hasLookalike("ops", pin("somebody"), now), false);
    assert.equal(people.enter("ops", person("somebody"), now).name, "ops_4");
  });

  it("remembers when a key first came, for as long as a name is kept for it", () => {
    const people = registry();
    now = 100;
    people.leave(people.enter("anna", person("anna"), now), false, now);
    now = 200;
    assert.equal(people.enter("other", person("anna"), now).value.since, 100);
    const anna = people.enter("anna", person("anna"), now);
    assert.equal(anna.value.since, 100);
    people.leave(anna, true, now);
    assert.equal(people.enter("anna", person("anna"), now).value.since, 200);
  });

  it("forgets the look of a name that was not kept", () => {
    const people = registry();
    for (const name of ["a", "b", "c", "d", "bob"]) {
      now += 1;
      people.leave(people.enter(name, person(name), now), false, now);
    }
    assert.deepEqual(
      kept.map(({ name }) => name),
      ["a", "b", "c", "d"],
    );
    assert.equal(people.hasLookalike("b0b", pin("somebody"), now), false);
  });

  it("passes everyone's name on to a restarted server, online or away", () => {
    const people = registry();
    people.leave(people.enter("anna", person("anna"), now), false, now);
    now = 300;
    people.enter("bobby", person("bobby"), now);
    assert.deepEqual(
      kept.map(({ name, since }) => [name, since]),
      [
        ["anna", 0],
        ["bobby", 300],
      ],
    );
    const after = registry(kept);
    assert.equal(after.enter("bobby", person("stranger"), now).name, "bobby_2");
    assert.equal(after.enter("bobby", person("bobby"), now).name, "bobby");
  });
});
