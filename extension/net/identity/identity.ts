// This window's identity for its peers and the server: a P-256 key, the pin derived from it, a throw-away certificate
// for it, and signatures.
import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { Pin, PublicKey, Signature } from "../../../protocol/fields.ts";

export type Identity = {
  readonly pin: Pin;
  readonly spki: PublicKey;
  /** PEM. The key is passed only to TLS. */
  readonly key: string;
  readonly certificate: string;
  /** Shared by all dials: one for each would leak memory outside the heap. */
  readonly context: SecureContext;
  /** ECDSA with SHA-256 of a statement in UTF-8, as IEEE P1363. */
  sign(statement: string): Signature;
};

/** The TLS options between windows. */
export const PEER_TLS = {
  minVersion: "TLSv1.3",
  maxVersion: "TLSv1.3",
  // A key exchange in a group such as ffdhe8192 takes as long as a hundred in these.
  ecdhCurve: "X25519:P-256",
} as const;

const DAY_MS = 24 * 3_600_000;

/** @param pem a P-256 key as PKCS #8; rejects anything else with a sentence part for people */
export async function makeIdentity(pem: string): Promise<Identity> {
  const { key, publicKey, der, spki } = readKey(pem);
  const certificate = await certify(pem, publicKey);
  return {
    pin: pinOf(der),
    spki,
    key: pem,
    certificate,
    context: createSecureContext({ ...PEER_TLS, key: pem, cert: certificate, ca: [certificate] }),
    sign: (statement) => {
      const bytes = sign("sha256", Buffer.from(statement, "utf8"), { key, dsaEncoding: "ieee-p1363" });
      return v.parse(Signature, bytes.toString("base64url"));
    },
  };
}

type Key = {
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
  /** The public key's SubjectPublicKeyInfo, and the same as text. */
  readonly der: Buffer;
  readonly spki: PublicKey;
};

function readKey(pem: string): Key {
  try {
    const key = createPrivateKey(pem);
    const publicKey = createPublicKey(key);
    const der = publicKey.export({ type: "spki", format: "der" });
    // Keys of other curves do not have this form.
    return { key, publicKey, der, spki: v.parse(PublicKey, der.toString("base64url")) };
  } catch {
    // The libraries' errors help no one, and might reveal something about the key.
    const text = l10n.t("the key that VS Code stores for this name is damaged");
    throw new Error(text);
  }
}

/** @param spki DER of a SubjectPublicKeyInfo */
export function pinOf(spki: Buffer): Pin {
  return v.parse(Pin, createHash("sha256").update(spki).digest("base64url"));
}

/** Only its key matters; it names neither user nor machine. */
async function certify(privateKey: string, key: KeyObject): Promise<string> {
  const { generate } = await import("selfsigned");
  const publicKey = key.export({ type: "spki", format: "pem" }).toString();
  const made = await generate([{ name: "commonName", value: "fork-chat" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    keyPair: { privateKey, publicKey },
    // Clocks of small machines may be behind.
    notBeforeDate: new Date(Date.now() - DAY_MS),
    extensions: [{ name: "keyUsage", digitalSignature: true, critical: true }],
  });
  return made.cert;
}
