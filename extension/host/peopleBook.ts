// What is remembered of people, by server (however its URL is written) and name, and of servers whose certificate the user trusts. In VS Code's global
// state, one entry for each, so that windows do not overwrite each other's.
import * as v from "valibot";
import { Pin } from "../../protocol/fields.ts";
import { nameKey } from "../../protocol/names.ts";
import { mergePeople } from "../core/mergePeople.ts";
import { serverKey } from "../core/serverAddress.ts";
import type { KnownPeer } from "../core/state.ts";

/** What is needed of `vscode.Memento`. */
export type Memory = {
  keys(): readonly string[];
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
};

const Person = v.object({
  name: v.string(),
  pin: v.nullable(Pin),
  verified: v.boolean(),
  blocked: v.boolean(),
  at: v.number(),
});

const PEOPLE = "forkchat.peer:";
const CERTIFICATE = "forkchat.certificate:";

export class PeopleBook {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Everybody who is remembered at a server. What cannot be read is nobody. */
  at(server: string): KnownPeer[] {
    const place = `${PEOPLE}${serverKey(server)}|`;
    const kept = this.#keysOf(PEOPLE, server).flatMap((key) => {
      const person = v.safeParse(Person, this.#memory.get(key));
      return person.success ? [{ key, person: person.output }] : [];
    });
    const former = kept.filter(({ key }) => !key.startsWith(place));
    const people = kept.map(({ person }) => person);
    if (former.length === 0) return people;
    // Earlier versions kept each spelling of a server's URL apart.
    const merged = mergePeople(people);
    for (const person of merged) this.remember(server, person);
    for (const { key } of former) void this.#memory.update(key, undefined);
    return merged;
  }

  remember(server: string, person: KnownPeer): void {
    void this.#memory.update(`${PEOPLE}${serverKey(server)}|${nameKey(person.name)}`, person);
  }

  forget(server: string, name: string): void {
    void this.#memory.update(`${PEOPLE}${serverKey(server)}|${nameKey(name)}`, undefined);
  }

  /** SHA-256 of the certificate that the user trusts at a server. */
  certificate(server: string): string | undefined {
    const own = this.#memory.get(`${CERTIFICATE}${serverKey(server)}`);
    if (typeof own === "string") return own;
    const former = new Set(
      this.#keysOf(CERTIFICATE, server)
        .map((key) => this.#memory.get(key))
        .filter((kept) => typeof kept === "string"),
    );
    // Where spellings of one URL disagree, the user decides again.
    const [certificate] = former;
    return former.size === 1 ? certificate : undefined;
  }

  async trustCertificate(server: string, fingerprint: string): Promise<void> {
    const place = `${CERTIFICATE}${serverKey(server)}`;
    await this.#memory.update(place, fingerprint);
    for (const key of this.#keysOf(CERTIFICATE, server))
      if (key !== place) await this.#memory.update(key, undefined);
  }

  /** The keys of what is kept of a server, however its URL was written then. */
  #keysOf(prefix: string, server: string): string[] {
    const wanted = serverKey(server);
    const known = new Map<string, boolean>();
    return this.#memory.keys().filter((key) => {
      if (!key.startsWith(prefix)) return false;
      // No URL holds a bar.
      const [spelling = ""] = key.slice(prefix.length).split("|");
      const isIt = known.get(spelling) ?? serverKey(spelling) === wanted;
      known.set(spelling, isIt);
      return isIt;
    });
  }
}
