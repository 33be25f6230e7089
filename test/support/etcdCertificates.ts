// A certificate authority for etcd, with certificates for its members and its clients.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "selfsigned";
import type { EtcdTls } from "../../server/cluster/etcdHttp.ts";

export type EtcdCertificates = {
  /** For a client that etcd accepts. */
  readonly client: EtcdTls;
  /** Paths for etcd's options. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
};

/**
 * Writes them into the folder.
 * @param address what the members' certificate is for
 */
export async function makeEtcdCertificates(folder: string, address = "127.0.0.1"): Promise<EtcdCertificates> {
  const authority = await generate([{ name: "commonName", value: "An authority for tests" }], {
    ...{ keyType: "ec", curve: "P-256", algorithm: "sha256" },
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  const issue = (name: string): ReturnType<typeof generate> =>
    generate([{ name: "commonName", value: name }], {
      ...{ keyType: "ec", curve: "P-256", algorithm: "sha256" },
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: "keyUsage", digitalSignature: true },
        // Each member is also a client: of the others, and of itself for its gateway.
        { name: "extKeyUsage", serverAuth: true, clientAuth: true },
        { name: "subjectAltName", altNames: [{ type: 7, ip: address }] },
      ],
    });
  const [member, client] = await Promise.all([issue("member"), issue("client")]);
  await mkdir(folder, { recursive: true });
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  return {
    client: { ca: authority.cert, cert: client.cert, key: client.private },
    files: {
      ca: await write("ca.pem", authority.cert),
      cert: await write("member.pem", member.cert),
      key: await write("member.key", member.private),
    },
  };
}
