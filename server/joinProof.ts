// Whether who joins holds the key that it shows: ECDSA over P-256, of this connection's nonce and the host that was dialled.
import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import * as v from "valibot";
import { Pin, type PublicKey, type Signature } from "../protocol/fields.ts";
import { joinStatement } from "../protocol/rendezvous.ts";

export type Proof = {
  readonly spki: PublicKey;
  readonly sig: Signature;
  readonly name: string;
};

/** The pin of the key that has signed; undefined when the key is none of P-256 or has not signed this. */
export function provenPin({ spki, sig, name }: Proof, host: string, nonce: string): Pin | undefined {
  const der = Buffer.from(spki, "base64url");
  const key = readKey(der);
  if (key === undefined) return undefined;
  const statement = Buffer.from(joinStatement(host, nonce, spki, name), "utf8");
  const signature = Buffer.from(sig, "base64url");
  if (!verify("sha256", statement, { key, dsaEncoding: "ieee-p1363" }, signature)) return undefined;
  return v.parse(Pin, createHash("sha256").update(der).digest("base64url"));
}

function readKey(der: Buffer): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    const isP256 = key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
    // One key has one pin: another encoding of it would be somebody else.
    return isP256 && key.export({ type: "spki", format: "der" }).equals(der) ? key : undefined;
  } catch {
    return undefined;
  }
}
