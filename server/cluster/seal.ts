// Uses of the cluster's secret. Everything in the engine is authenticated with it: someone who can write there but doesn't know
// the secret cannot forge an entry.
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/** Characters of a seal, 128 bits in base64url. */
const SEAL = 22;

export class Seal {
  readonly #secret: string;
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#secret = secret;
    this.#key = this.derive("log");
  }

  /** 32 bytes for one purpose. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync("sha256", this.#secret, "fork-chat cluster 1", purpose, 32));
  }

  /** @param place where it belongs, such as a key and an epoch: a sealed text is worth nothing anywhere else */
  seal(place: string, text: string): string {
    return this.#sealOf(place, text) + text;
  }

  /** The text; undefined if it was not sealed for this place with this secret. */
  open(place: string, sealed: string): string | undefined {
    const text = sealed.slice(SEAL);
    const [shown, right] = [Buffer.from(sealed.slice(0, SEAL)), Buffer.from(this.#sealOf(place, text))];
    return shown.length === right.length && timingSafeEqual(shown, right) ? text : undefined;
  }

  #sealOf(place: string, text: string): string {
    const digest = createHmac("sha256", this.#key).update(`${place}\n${text}`).digest("base64url");
    return digest.slice(0, SEAL);
  }
}
