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

/** Remembers, apart from the secrets, for which names there has been a key: the part of `vscode.Memento` that is used. */
export type Remembered = {
  get(key: string): unknown;
  update(key: string, value: boolean): Thenable<void>;
};

/** Why a key was replaced. */
export type KeyLoss = "damaged" | "missing";

/** Peers of that name will see a new key. */
type OnReplaced = (identity: string, loss: KeyLoss) => void;

export class Keyring {
  readonly #secrets: Secrets;
  readonly #log: Log;
  readonly #remembered: Remembered;
  readonly #onReplaced: OnReplaced;
  /** Keys that could not be saved: they last as long as this window. */
  readonly #fleeting = new Map<string, string>();

  /** @param onReplaced called when a name's key was lost and has been replaced */
  constructor(secrets: Secrets, remembered: Remembered, log: Log, onReplaced: OnReplaced = () => undefined) {
    this.#secrets = secrets;
    this.#remembered = remembered;
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
      if (key !== null) {
        await this.#remember(place);
        return key;
      }
      // One damaged key is kept per name, in case it can be repaired.
      if (kept !== undefined) await this.#secrets.store(`${DAMAGED_KEY}${nameKey(identity)}`, kept);
      await this.#secrets.store(place, made);
      // Another window may have been faster: the saved key is everyone's.
      const agreed = await this.#secrets.get(place);
      if (kept !== undefined) this.#replaced(identity, "damaged");
      else if (agreed === made && this.#remembered.get(place) === true) this.#replaced(identity, "missing");
      await this.#remember(place);
      if (agreed !== undefined && wholeKey(agreed) !== null) return agreed;
    } catch (error) {
      this.#log.warn(
        `VS Code's secret storage failed. The key lasts only as long as this window: ${String(error)}`,
      );
    }
    this.#fleeting.set(place, made);
    return made;
  }

  async #remember(place: string): Promise<void> {
    try {
      if (this.#remembered.get(place) !== true) await this.#remembered.update(place, true);
    } catch {
      // The key itself is what matters.
    }
  }

  #replaced(identity: string, loss: KeyLoss): void {
    this.#log.warn(`The key of a name was ${loss}. There is a new one.`);
    this.#onReplaced(identity, loss);
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
