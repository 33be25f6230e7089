// A client's key, ready to sign: reading it again for each join would cost the load generator more than the join.
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

export class JoinKey {
  readonly #privateKey: KeyObject;
  readonly #spki: string;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#privateKey = privateKey;
    this.#spki = publicKey.export({ type: "spki", format: "der" }).toString("base64url");
  }

  /** The public key in a `join`; see PROTOCOL.md. */
  proof(host: string, nonce: string, name: string): { spki: string; sig: string } {
    const statement = Buffer.from(`fork-chat join 2\n${host}\n${nonce}\n${this.#spki}\n${name}`);
    const signature = sign("sha256", statement, { key: this.#privateKey, dsaEncoding: "ieee-p1363" });
    return { spki: this.#spki, sig: signature.toString("base64url") };
  }
}
