// A client's key and its signatures: written from PROTOCOL.md, independently of the extension's code.
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

export class TestKey {
  readonly spki: string;
  readonly pin: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const der = publicKey.export({ type: "spki", format: "der" });
    this.spki = der.toString("base64url");
    this.pin = createHash("sha256").update(der).digest("base64url");
    this.#private = privateKey;
    this.#public = publicKey;
  }

  /** PKCS #8, PEM. */
  get pem(): string {
    return this.#private.export({ type: "pkcs8", format: "pem" }).toString();
  }

  /** SubjectPublicKeyInfo, PEM. */
  get publicPem(): string {
    return this.#public.export({ type: "spki", format: "pem" }).toString();
  }

  /** The proof in a `join`. `spki`: the key in another encoding. */
  proof(host: string, nonce: string, name: string, spki = this.spki): { spki: string; sig: string } {
    const statement = `fork-chat join 2\n${host.toLowerCase()}\n${nonce}\n${spki}\n${name}`;
    const key = { key: this.#private, dsaEncoding: "ieee-p1363" } as const;
    return { spki, sig: sign("sha256", Buffer.from(statement), key).toString("base64url") };
  }
}
