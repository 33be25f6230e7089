// The user's secrets in VS Code's secret storage: a key per name, and server tokens. They are passed only to the
// network.
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { nameKey } from "../../../protocol/names.ts";
import { formerSpellings, tokenKey } from "../../core/model/serverAddress.ts";

const KEY = "forkchat.key:";
const DAMAGED_KEY = "forkchat.damagedKey:";

/** The part of `vscode.SecretStorage` that is used. */
export type Secrets = {
  get(key: string): Thenable<string | undefined>;
  store(key: string, value: string): Thenable<void>;
};

type Log = { warn(text: string): void };

export class Keyring {
  readonly #secrets: Secrets;
  readonly #log: Log;
  readonly #onReplaced: (identity: string) => void;
  /** Keys that could not be saved: they last as long as this window. */
  readonly #fleeting = new Map<string, string>();

  /**
   * @param onReplaced called when a name's key was damaged and has been replaced, so that its peers will see a new one
   */
  constructor(secrets: Secrets, log: Log, onReplaced: (identity: string) => void = () => undefined) {
    this.#secrets = secrets;
    this.#log = log;
    this.#onReplaced = onReplaced;
  }

  /** The P-256 key of a name, as PKCS #8 in PEM; created if there is none. Never rejects. */
  async key(identity: string): Promise<string> {
    const place = `${KEY}${nameKey(identity)}`;
    const fleeting = this.#fleeting.get(place);
    if (fleeting !== undefined) return fleeting;
    const made = newKey();
    try {
      const kept = await this.#secrets.get(place);
      const key = kept === undefined ? null : wholeKey(kept);
      if (key !== null) return key;
      // One damaged key is kept per name, in case it can be repaired.
      if (kept !== undefined) await this.#secrets.store(`${DAMAGED_KEY}${nameKey(identity)}`, kept);
      await this.#secrets.store(place, made);
      if (kept !== undefined) {
        this.#log.warn("The key of a name was damaged. It was set aside and replaced with a new one.");
        this.#onReplaced(identity);
      }
      // Another window may have been faster: the saved key is everyone's.
      const agreed = await this.#secrets.get(place);
      if (agreed !== undefined && wholeKey(agreed) !== null) return agreed;
    } catch (error) {
      this.#log.warn(
        `VS Code's secret storage failed. The key lasts only as long as this window: ${String(error)}`,
      );
    }
    this.#fleeting.set(place, made);
    return made;
  }

  /**
   * A server's token, if the user has entered it. One that an earlier version saved under another spelling of the URL
   * is moved. Never rejects.
   */
  async token(server: string): Promise<string | undefined> {
    const key = tokenKey(server);
    try {
      const own = await this.#secrets.get(placeOfToken(key));
      if (own !== undefined) return own;
      for (const spelling of new Set([server, ...formerSpellings(key)])) {
        const former = await this.#secrets.get(placeOfToken(spelling));
        if (former === undefined) continue;
        await this.#secrets.store(placeOfToken(key), former);
        return former;
      }
    } catch {
      // The user will be asked for it again.
    }
    return undefined;
  }

  async keepToken(server: string, token: string): Promise<void> {
    await this.#secrets.store(placeOfToken(tokenKey(server)), token);
  }
}

function placeOfToken(server: string): string {
  return `forkchat.token:${server}`;
}

/** Whether a stored secret is valid. A token may be any text. */
export function isWhole(place: string, value: string): boolean {
  return !place.startsWith(KEY) || wholeKey(value) !== null;
}

/** A valid P-256 key, without a byte order mark or carriage returns; null if it is invalid. */
function wholeKey(kept: string): string | null {
  const pem = kept.replace(/^\uFEFF/u, "");
  try {
    return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === "prime256v1" ? pem : null;
  } catch {
    return null;
  }
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
