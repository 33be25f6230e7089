// Certificates that cost a verifier as much as possible. None is valid, but the verifier learns that only after the
// work.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { TestKey } from "./testKey.ts";

type Algorithm = { readonly spki: Buffer; readonly signatureAlgorithm: Buffer; readonly signature: Buffer };

/** A chain in PEM: a leaf for this key, below this many certificates that sign each other. */
export function hostileChain(leaf: TestKey, algorithm: Algorithm, issuers: number): string {
  const chain = [certificate("0", "1", Buffer.from(leaf.spki, "base64url"), algorithm)];
  for (let n = 1; n <= issuers; n++) {
    chain.push(certificate(String(n), String(Math.min(n + 1, issuers)), algorithm.spki, algorithm));
  }
  return chain.map(pem).join("");
}

/** RSA with a public exponent as long as its modulus. */
export function longExponent(bits: number): Algorithm {
  const bytes = bits / 8;
  const modulus = odd(0xc0, bytes);
  const exponent = odd(0x80, bytes);
  exponent[0] = 0xbf;
  return {
    spki: sequence(
      sequence(identifier(rsaEncryption), nothing),
      bitString(sequence(integer(modulus), integer(exponent))),
    ),
    signatureAlgorithm: sequence(identifier(rsaWithSha256), nothing),
    signature: odd(0x3f, bytes).fill(0x3f, 0, 1),
  };
}

/** ECDSA over any named curve that OpenSSL has. */
export function slowCurve(name: string, bytes: number): Algorithm {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: name });
  const number = (): Buffer => integer(odd(0x01, bytes).fill(0x01, 0, 1));
  return {
    spki: publicKey.export({ type: "spki", format: "der" }),
    signatureAlgorithm: sequence(identifier(ecdsaWithSha256)),
    signature: sequence(number(), number()),
  };
}

// Object identifiers in DER.
const rsaEncryption = "2a864886f70d010101";
const rsaWithSha256 = "2a864886f70d01010b";
const ecdsaWithSha256 = "2a8648ce3d040302";
const commonName = "550403";

const nothing = der(0x05);
const validity = sequence(time("200101000000Z"), time("490101000000Z"));

function certificate(
  subject: string,
  issuer: string,
  spki: Buffer,
  { signatureAlgorithm, signature }: Algorithm,
): Buffer {
  const version3 = der(0xa0, integer(Buffer.from([2])));
  const serial = integer(Buffer.from([5]));
  const body = sequence(
    ...[version3, serial, signatureAlgorithm, nameOf(issuer), validity, nameOf(subject), spki],
  );
  return sequence(body, signatureAlgorithm, bitString(signature));
}

function pem(bytes: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString("base64")}\n-----END CERTIFICATE-----\n`;
}

function nameOf(text: string): Buffer {
  return sequence(der(0x31, sequence(identifier(commonName), der(0x0c, Buffer.from(text)))));
}

function time(text: string): Buffer {
  return der(0x17, Buffer.from(text));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function identifier(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function integer(bytes: Buffer): Buffer {
  return (bytes[0] ?? 0) < 0x80 ? der(0x02, bytes) : der(0x02, Buffer.from([0]), bytes);
}

function bitString(bytes: Buffer): Buffer {
  return der(0x03, Buffer.from([0]), bytes);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

/** A random odd number with these bits set in its first byte. */
function odd(first: number, bytes: number): Buffer {
  const number = randomBytes(bytes);
  number[0] = (number[0] ?? 0) | first;
  number[bytes - 1] = (number[bytes - 1] ?? 0) | 1;
  return number;
}
