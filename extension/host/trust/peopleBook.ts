// Remembers people by server (in any spelling of its URL) and name, and servers whose certificate the user trusts. It
// uses VS Code's global state, with one entry per person or server, so that windows do not overwrite each other's.
import { randomUUID } from "node:crypto";
import { nameKey } from "../../../protocol/names.ts";
import { mergePeople } from "../../core/people/mergePeople.ts";
import { serverKey } from "../../core/model/serverAddress.ts";
import type { KnownPeer } from "../../core/model/person.ts";
import { type FoundPerson, readPerson } from "./personRecord.ts";

/** The part of `vscode.Memento` that is used. */
export type Memory = {
  keys(): readonly string[];
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
};

const PEOPLE = "forkchat.peer:";
/** Gets a new value after each block or unblock, so that other windows notice. */
const BLOCKS = "forkchat.blocks";
const CERTIFICATE = "forkchat.certificate:";

export class PeopleBook {
  readonly #memory: Memory;
  /** The value of `BLOCKS` when people were last read here. */
  #blocks: unknown;

  readonly #onDamage: (names: readonly string[]) => void;
  readonly #watch: (work: PromiseLike<void>) => void;

  /**
   * @param onDamage gets the names of people whose protection of the user (a known key, a block) was lost
   * @param watch gets all work that saves something: a block that could not be saved does not last, and the user has to know
   */
  constructor(
    memory: Memory,
    onDamage: (names: readonly string[]) => void = () => undefined,
    watch: (work: PromiseLike<void>) => void = () => undefined,
  ) {
    this.#watch = watch;
    this.#memory = memory;
    this.#onDamage = onDamage;
  }

  /** Everyone remembered at a server. Damaged records are repaired as far as possible; a readable block stays. */
  at(server: string): KnownPeer[] {
    this.#blocks = this.#memory.get(BLOCKS);
    const place = `${PEOPLE}${serverKey(server)}|`;
    const found = this.#keysOf(PEOPLE, server).map((key) => ({ key, ...this.#foundAt(key) }));
    this.#repair(found);
    const kept = found.flatMap(({ key, person }) => (person === null ? [] : [{ key, person }]));
    const former = kept.filter(({ key }) => !key.startsWith(place));
    const people = kept.map(({ person }) => person);
    if (former.length === 0) return people;
    // Earlier versions kept each spelling of a server's URL separate.
    const merged = mergePeople(people);
    for (const person of merged) this.remember(server, person);
    for (const { key } of former) this.#watch(this.#memory.update(key, undefined));
    return merged;
  }

  /**
   * Everyone at a server, if anyone was blocked or unblocked since they were read here, for example by another window.
   */
  news(server: string): KnownPeer[] | null {
    return this.#memory.get(BLOCKS) === this.#blocks ? null : this.at(server);
  }

  /** @param unblocks only this removes a block, because this window may not have heard of one */
  remember(server: string, person: KnownPeer, unblocks = false): void {
    const key = keyOf(server, person.name);
    const kept = this.#personAt(key);
    const stays = kept?.blocked === true && !unblocks;
    const { pin, unproven } = stays && kept.pin !== null ? kept : person;
    const { name, at } = person;
    const verified = person.verified && pin === person.pin;
    const blocked = person.blocked || stays;
    const flags = { verified, blocked, ...(unproven === true ? { unproven } : {}) };
    this.#watch(this.#memory.update(key, { name, pin, ...flags, at } satisfies KnownPeer));
    if (blocked !== (kept?.blocked ?? false)) this.#blocksChanged();
  }

  forget(server: string, name: string, unblocks = false): void {
    const key = keyOf(server, name);
    const isBlocked = this.#personAt(key)?.blocked === true;
    if (isBlocked && !unblocks) return;
    this.#watch(this.#memory.update(key, undefined));
    if (isBlocked) this.#blocksChanged();
  }

  /** SHA-256 of the certificate that the user trusts for a server. */
  certificate(server: string): string | undefined {
    const own = this.#memory.get(`${CERTIFICATE}${serverKey(server)}`);
    if (typeof own === "string") return own;
    const former = new Set(
      this.#keysOf(CERTIFICATE, server)
        .map((key) => this.#memory.get(key))
        .filter((kept) => typeof kept === "string"),
    );
    // If spellings of one URL disagree, the user decides again.
    const [certificate] = former;
    return former.size === 1 ? certificate : undefined;
  }

  async trustCertificate(server: string, fingerprint: string): Promise<void> {
    const place = `${CERTIFICATE}${serverKey(server)}`;
    await this.#memory.update(place, fingerprint);
    for (const key of this.#keysOf(CERTIFICATE, server))
      if (key !== place) await this.#memory.update(key, undefined);
  }

  #personAt(key: string): KnownPeer | null {
    return this.#foundAt(key).person;
  }

  #foundAt(key: string): FoundPerson {
    return readPerson(this.#memory.get(key), key.slice(key.indexOf("|") + 1));
  }

  /** Rewrites damaged records, so that the user is warned once. */
  #repair(found: readonly (FoundPerson & { readonly key: string })[]): void {
    const lost: string[] = [];
    for (const { key, name, person, isDamaged } of found) {
      if (!isDamaged) continue;
      this.#watch(this.#memory.update(key, person ?? undefined));
      if (person?.blocked !== true) lost.push(name);
    }
    if (lost.length > 0) this.#onDamage(lost);
  }

  #blocksChanged(): void {
    this.#blocks = randomUUID();
    this.#watch(this.#memory.update(BLOCKS, this.#blocks));
  }

  /** The keys of everything saved about a server, in any spelling of its URL. */
  #keysOf(prefix: string, server: string): string[] {
    const wanted = serverKey(server);
    const known = new Map<string, boolean>();
    return this.#memory.keys().filter((key) => {
      if (!key.startsWith(prefix)) return false;
      // URLs contain no vertical bar.
      const [spelling = ""] = key.slice(prefix.length).split("|");
      const isIt = known.get(spelling) ?? serverKey(spelling) === wanted;
      known.set(spelling, isIt);
      return isIt;
    });
  }
}

function keyOf(server: string, name: string): string {
  return `${PEOPLE}${serverKey(server)}|${nameKey(name)}`;
}
