// Two honest people who talk in the lobby of a server under attack: each still gets every message of the other, once and in
// order.
import assert from "node:assert/strict";
import type { ClientOptions } from "ws";
import { TestClient } from "../conformance/testClient.ts";

export class HonestPair {
  readonly #people: readonly [TestClient, TestClient];
  #said = 0;

  private constructor(people: readonly [TestClient, TestClient]) {
    this.#people = people;
  }

  /** Joins as anna and bobby; `options` can give them an address of their own (`localAddress`). */
  static async meet(url: string, options: ClientOptions = {}): Promise<HonestPair> {
    const anna = await TestClient.join(url, "anna", {}, undefined, options);
    const bobby = await TestClient.join(url, "bobby", {}, undefined, options);
    return new HonestPair([anna, bobby]);
  }

  /** Each says something, and resolves once the other has heard exactly that as the next of its author's words. */
  async talk(): Promise<void> {
    const [anna, bobby] = this.#people;
    for (const [from, to, author] of [
      [anna, bobby, "anna"],
      [bobby, anna, "bobby"],
    ] as const) {
      this.#said += 1;
      const text = `word ${this.#said}`;
      from.send({ type: "say", id: `honest-${this.#said}`, text });
      const heard = await to.until("said", ({ from: name }) => name === author);
      assert.equal(heard.text, text);
    }
  }

  async leave(): Promise<void> {
    await Promise.all(this.#people.map((client) => client.close()));
  }
}
