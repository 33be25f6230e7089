// What is remembered of people, by server and name, and of servers whose certificate the user trusts. In VS Code's global
// state, one entry for each, so that windows do not overwrite each other's.
import * as v from "valibot";
import { Pin } from "../../protocol/fields.ts";
import { nameKey } from "../../protocol/names.ts";
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

export class PeopleBook {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Everybody who is remembered at a server. What cannot be read is nobody. */
  at(server: string): KnownPeer[] {
    const prefix = `${placeOf(server)}|`;
    return this.#memory.keys().flatMap((key) => {
      if (!key.startsWith(prefix)) return [];
      const person = v.safeParse(Person, this.#memory.get(key));
      return person.success ? [person.output] : [];
    });
  }

  remember(server: string, person: KnownPeer): void {
    void this.#memory.update(`${placeOf(server)}|${nameKey(person.name)}`, person);
  }

  forget(server: string, name: string): void {
    void this.#memory.update(`${placeOf(server)}|${nameKey(name)}`, undefined);
  }

  /** SHA-256 of the certificate that the user trusts at a server. */
  certificate(server: string): string | undefined {
    const kept = this.#memory.get(`forkchat.certificate:${server}`);
    return typeof kept === "string" ? kept : undefined;
  }

  async trustCertificate(server: string, fingerprint: string): Promise<void> {
    await this.#memory.update(`forkchat.certificate:${server}`, fingerprint);
  }
}

/** The place of a server's people; no address holds a bar. */
function placeOf(server: string): string {
  return `forkchat.peer:${server}`;
}
