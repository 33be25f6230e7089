// A certificate authority, such as a company's.
import { generate } from "selfsigned";

export type Authority = {
  /** Its own, in PEM. */
  readonly certificate: string;
  /** A certificate for an IP address, for servers and clients. */
  readonly issue: (name: string, address: string) => ReturnType<typeof generate>;
};

const EC = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

export async function makeAuthority(): Promise<Authority> {
  const own = await generate([{ name: "commonName", value: "An authority for tests" }], {
    ...EC,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  return {
    certificate: own.cert,
    issue: (name, address) =>
      generate([{ name: "commonName", value: name }], {
        ...EC,
        ca: { key: own.private, cert: own.cert },
        extensions: [
          { name: "keyUsage", digitalSignature: true },
          // Each member of etcd is also a client: of the others, and of itself for its gateway.
          { name: "extKeyUsage", serverAuth: true, clientAuth: true },
          { name: "subjectAltName", altNames: [{ type: 7, ip: address }] },
        ],
      }),
  };
}
