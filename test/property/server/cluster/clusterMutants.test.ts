// Deliberate faults in a server's part in the cluster: the scenarios have to find each of them. What they do not find, they would
// not find in an honest mistake either.
import assert from "node:assert/strict";
import fc from "fast-check";
import { loadMutant, type Mutant } from "../../../support/mutant.ts";
import type * as scenarios from "./scenarios.ts";

type Scenarios = typeof scenarios;

const ENTRY = `export * from "./test/property/server/cluster/scenarios.ts";`;

/** The seed of the random runs, and enough of them for each fault, many times over. */
const SEED = 4;
const RUNS = 100;
const SEEDS = 20;

const finders = {
  random: ({ steps, everythingFails }) =>
    fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (all, seed) => {
        await everythingFails(all, seed);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    ),
  givenUp: (scenarios) => scenarios.oneReadsThatItIsGivenUp(),
  lateEntry: (scenarios) => forSeeds(scenarios.anEntryComesAfterItsServerIsGivenUp),
  lostAnswer: (scenarios) => scenarios.anAnswerIsLostWithItsServer(),
  cutOff: (scenarios) => forSeeds(scenarios.oneIsSlowAndThenCutOff),
  snapshot: (scenarios) => scenarios.aSnapshotIsDue(),
  differ: (scenarios) => forSeeds(scenarios.serversDiffer),
  death: (scenarios) =>
    forSeeds(async (seed) => {
      for (const back of [true, false]) await scenarios.aServerDies(back, seed);
    }),
  sleeper: (scenarios) =>
    forSeeds(async (seed) => {
      for (const isHidden of [true, false]) await scenarios.oneSleepsWhileTheOthersBeginAnew(isHidden, seed);
    }),
  loss: async (scenarios) => {
    for (const how of ["write", "live again"] as const) await scenarios.oneSeesThatDataAreLost(how);
  },
} satisfies Record<string, (scenarios: Scenarios) => Promise<void>>;

async function forSeeds(scenario: (seed: number) => Promise<void>): Promise<void> {
  for (let seed = 0; seed < SEEDS; seed++) await scenario(seed);
}

/** `by`: what has to find it. */
const mutants: readonly (Mutant & { readonly by: keyof typeof finders })[] = [
  {
    name: "a server applies its own commands before the log has them",
    by: "random",
    file: "clusterLife.ts",
    find: `apply = applyIt;
        return this.#writer;`,
    replace: `const own = new Set();
        apply = (command, at) => { if (!own.delete(JSON.stringify(command))) applyIt(command, at); };
        return { append: (command) => {
          own.add(JSON.stringify(command));
          applyIt(command, deps.wallTime());
          return this.#writer.append(command);
        } };`,
  },
  {
    name: "what is put into the log has no condition",
    by: "lateEntry",
    file: "clusterLife.ts",
    find: "this.#deps.etcd.txn(this.#condition(), [operation])",
    replace: "this.#deps.etcd.txn([], [operation])",
  },
  {
    name: "a server that was given up may write",
    by: "lateEntry",
    file: "clusterLife.ts",
    find: "{ key: keys.node(life), createRevision: this.#created },",
    replace: "",
  },
  {
    name: "a server may write when the log has begun anew",
    by: "sleeper",
    file: "clusterLife.ts",
    find: `createRevision: this.#created },
      { key: keys.genesis, modRevision: beginning.revision },`,
    replace: "createRevision: this.#created },",
  },
  {
    name: "each server begins anew, although another one has",
    by: "sleeper",
    file: "genesisStore.ts",
    find: "this.#etcd.txn([{ key, modRevision: since }],",
    replace: "this.#etcd.txn([],",
  },
  {
    name: "an entry counts whatever its number",
    by: "random",
    file: "replica.ts",
    find: "if (node === undefined || n !== node.n + 1) return false;",
    replace: "if (node === undefined) return false;",
  },
  {
    name: "an entry counts if its number is higher",
    by: "random",
    file: "replica.ts",
    find: "n !== node.n + 1) return false;",
    replace: "n < node.n) return false;",
  },
  {
    name: "an entry in doubt is put once",
    by: "random",
    file: "entryWriter.ts",
    find: "this.#deps.later(AGAIN_MS, () => this.#put(text));",
    replace: "this.#next();",
  },
  {
    name: "an entry in doubt is put again as another one",
    by: "random",
    file: "entryWriter.ts",
    find: "this.#deps.later(AGAIN_MS, () => this.#put(text));",
    replace: `this.#deps.later(AGAIN_MS, () => this.#put(text.replace(/"n":\\d+/, '"n":' + ++this.#n)));`,
  },
  {
    name: "several entries are on their way at a time",
    by: "random",
    file: "entryWriter.ts",
    find: "if (!this.#isBusy || (isSooner && this.#cancel !== undefined)) this.#schedule();",
    replace: "this.#schedule();",
  },
  {
    name: "one event in twenty is left out",
    by: "random",
    file: "logReader.ts",
    find: "if (!this.#isOver) this.#readEvent(event);",
    replace: "if (!this.#isOver && revision % 20 !== 19) this.#readEvent(event);",
  },
  {
    name: "the log is watched from one revision later",
    by: "random",
    file: "clusterLife.ts",
    find: "etcd.watch({ prefix: keys.watched }, last + 1,",
    replace: "etcd.watch({ prefix: keys.watched }, last + 2,",
  },
  {
    name: "the log is watched from one revision earlier",
    by: "random",
    file: "clusterLife.ts",
    find: "etcd.watch({ prefix: keys.watched }, last + 1,",
    replace: "etcd.watch({ prefix: keys.watched }, last,",
  },
  {
    name: "a server goes on when it hears nothing of itself",
    by: "cutOff",
    file: "contact.ts",
    find: "if (this.silenceMs >= CONTACT_MS) this.#lost();",
    replace: "if (this.#lost === undefined) this.#lost();",
  },
  {
    name: "a server goes on for longer than its lease",
    by: "cutOff",
    file: "contact.ts",
    find: "export const CONTACT_MS = 4_000;",
    replace: "export const CONTACT_MS = 6_000;",
  },
  {
    name: "old words of a server count as new",
    by: "cutOff",
    file: "clusterLife.ts",
    find: "this.#contact.confirmed(sent);",
    replace: "this.#contact.confirmed(this.#deps.now());",
  },
  {
    name: "a server's key stays when its lease is over",
    by: "givenUp",
    file: "clusterLife.ts",
    find: `value, lease: this.#lease ?? "" }`,
    replace: "value }",
  },
  {
    name: "a server does not see that it was given up",
    by: "givenUp",
    file: "logReader.ts",
    find: `if (life === this.#deps.life) this.#end("given-up");`,
    replace: "if (life === this.#deps.life) return;",
  },
  {
    name: "what came after a snapshot is left out",
    by: "random",
    file: "logReader.ts",
    find: "this.#revision = found?.head.revision ?? beginning.revision;",
    replace: "this.#revision = found === undefined ? beginning.revision : beginning.now;",
  },
  {
    name: "a snapshot is taken for that of one revision later",
    by: "random",
    file: "snapshotKeeper.ts",
    find: "snapshots.write({ epoch, revision, place, state }",
    replace: "snapshots.write({ epoch, revision: revision + 1, place, state }",
  },
  {
    name: "the lobby of a snapshot is not used",
    by: "random",
    file: "clusterLife.ts",
    find: "snapshot: found?.state.hall,",
    replace: "snapshot: undefined,",
  },
  {
    name: "the servers of a snapshot are not used",
    by: "random",
    file: "logReader.ts",
    find: "state: found?.state.replica,",
    replace: "state: undefined,",
  },
  {
    name: "every server saves snapshots",
    by: "snapshot",
    file: "snapshotKeeper.ts",
    find: " || reader.replica.eldest !== life) return;",
    replace: ") return;",
  },
  {
    name: "hashes are not compared",
    by: "differ",
    file: "logReader.ts",
    find: "if ((this.#hashes.get(applied) ?? hash) !== hash)",
    replace: "if (hash.length === 0)",
  },
  {
    name: "the hash is of the texts alone",
    by: "differ",
    file: "replica.ts",
    find: "${this.#deps.check()} ",
    replace: "",
  },
  {
    name: "the members of a lost server leave at once",
    by: "death",
    file: "replica.ts",
    find: "this.#apply([], `lost ${life}`);",
    replace: `this.#apply([{ type: "lost", life }], \`lost \${life}\`);`,
  },
  {
    name: "the members of a lost server never leave",
    by: "death",
    file: "lostMembers.ts",
    find: "if (this.#due.has(lost)) continue;",
    replace: "continue;",
  },
  {
    name: "time goes back with the clock of a server",
    by: "random",
    file: "replica.ts",
    find: "this.#at = Math.max(this.#at, time);",
    replace: "this.#at = time;",
  },
  {
    name: "a revision below what was read is accepted",
    by: "loss",
    file: "clusterLife.ts",
    find: "if (revision < read + (succeeded ? 1 : 0))",
    replace: "if (revision < 0)",
  },
  {
    name: "what was read in a former life is forgotten",
    by: "loss",
    file: "clusterNode.ts",
    find: `if (beginning.value.now < this.#read) return err("lost");`,
    replace: "",
  },
  {
    name: "a server does not recognize those who come from another one",
    by: "lostAnswer",
    file: "clusterLife.ts",
    find: "resume ${epoch}",
    replace: "resume ${life}",
  },
  {
    name: "the lobby is open from the start",
    by: "random",
    file: "clusterLife.ts",
    find: `this.#watch();
  }

  /** Seconds`,
    replace: `this.#watch();
    this.#lobby.open();
  }

  /** Seconds`,
  },
];

describe("the scenarios of servers with one lobby detect a fault", function () {
  this.timeout(60_000);

  for (const mutant of mutants) {
    it(mutant.name, async () => {
      const scenarios = (await loadMutant(ENTRY, "server/cluster", mutant)) as Scenarios;
      await assert.rejects(finders[mutant.by](scenarios), `${mutant.by} does not find it`);
    });
  }
});
