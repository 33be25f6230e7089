// Checks that a joining client holds its key: ECDSA over P-256, of the connection's nonce and the dialed host.
import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import * as v from "valibot";
import { Pin, type PublicKey, type Signature } from "../../protocol/fields.ts";
import { joinStatement } from "../../protocol/rendezvous.ts";

export type Proof = {
  readonly spki: PublicKey;
  readonly sig: Signature;
  readonly name: string;
};

/**
 * The pin of the key that signed. Undefined if the key is not P-256, did not sign this, or has another form.
 * @param hosts any of which the client may have dialed
 */
export function provenPin(
  { spki, sig, name }: Proof,
  hosts: readonly string[],
  nonce: string,
): Pin | undefined {
  const der = Buffer.from(spki, "base64url");
  const key = readKey(der);
  if (key === undefined || der.toString("base64url") !== spki) return undefined;
  const signature = Buffer.from(sig, "base64url");
  // Node ignores the spare bits of the last character, which would give one signature or key several forms.
  if (signature.toString("base64url") !== sig) return undefined;
  const isSigned = hosts.some((host) => {
    const statement = Buffer.from(joinStatement(host, nonce, spki, name), "utf8");
    return verify("sha256", statement, { key, dsaEncoding: "ieee-p1363" }, signature);
  });
  if (!isSigned) return undefined;
  return v.parse(Pin, createHash("sha256").update(der).digest("base64url"));
}

/**
 * The bytes before the point, in the only accepted encoding of a P-256 key. Another encoding would count as another person.
 */
const SPKI_HEAD = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d03010703420004", "hex");
const COORDINATE_BYTES = 32;

/** Uses a JWK, because OpenSSL takes twice as long to read DER, and thousands may join at once. */
function readKey(der: Buffer): KeyObject | undefined {
  const start = SPKI_HEAD.length;
  if (der.length !== start + 2 * COORDINATE_BYTES || !SPKI_HEAD.equals(der.subarray(0, start)))
    return undefined;
  const x = der.toString("base64url", start, start + COORDINATE_BYTES);
  const y = der.toString("base64url", start + COORDINATE_BYTES);
  try {
    return createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  } catch {
    // Not a point of the curve.
    return undefined;
  }
}
