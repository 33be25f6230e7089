// A certificate authority for etcd, with certificates for its members and its clients.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeAuthority } from "./authority.ts";

export type EtcdCertificates = {
  /** For a client that etcd accepts. */
  readonly client: { readonly ca: string; readonly cert: string; readonly key: string };
  /** Paths for etcd's options. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
};

/**
 * Writes them into the folder.
 * @param address what the members' certificate is for
 */
export async function makeEtcdCertificates(folder: string, address = "127.0.0.1"): Promise<EtcdCertificates> {
  const authority = await makeAuthority();
  const issue = (name: string): ReturnType<typeof authority.issue> => authority.issue(name, address);
  const [member, client] = await Promise.all([issue("member"), issue("client")]);
  await mkdir(folder, { recursive: true });
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  return {
    client: { ca: authority.certificate, cert: client.cert, key: client.private },
    files: {
      ca: await write("ca.pem", authority.certificate),
      cert: await write("member.pem", member.cert),
      key: await write("member.key", member.private),
    },
  };
}
