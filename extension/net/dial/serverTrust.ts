// Which certificates of servers are trusted without a question: those under an authority that Node or this machine's system
// knows, such as a company's. Most servers need only Node's. On macOS, reading the system's can take seconds, so a thread of its
// own does that, once, when a certificate is not under Node's.
import { createSecureContext, DEFAULT_CIPHERS, rootCertificates, type SecureContext } from "node:tls";
import { Worker } from "node:worker_threads";
import * as v from "valibot";

export type ServerTrust = {
  /** With the authorities that are known so far. */
  readonly known: () => SecureContext;
  /** With the system's as well: the known one if it has no others, or this Node cannot read them. */
  readonly full: () => Promise<SecureContext>;
};

/**
 * As browsers do, but without the groups and TLS 1.2 key exchanges with which a server can make a client compute for
 * long.
 */
const TLS = {
  ecdhCurve: "X25519:P-256:P-384",
  ciphers: `${DEFAULT_CIPHERS}:!DHE`,
  minVersion: "TLSv1.2",
} as const;

const Certificates = v.array(v.string());

/** Node 20 does not have the function. */
const READER = `
  const { getCACertificates } = require("node:tls");
  const of = (type) => getCACertificates?.(type) ?? [];
  require("node:worker_threads").parentPort.postMessage([...of("default"), ...of("system")]);
`;

/** @param read the certificates in PEM of all authorities that this machine trusts */
export function createServerTrust(read: () => Promise<readonly string[]>): ServerTrust {
  let known: SecureContext | undefined;
  let full: Promise<SecureContext> | undefined;
  const nodes = (): SecureContext => (known ??= createSecureContext(TLS));
  const readAll = async (): Promise<SecureContext> => {
    const certificates = await read();
    if (certificates.length === 0) return nodes();
    known = createSecureContext({ ...TLS, ca: [...new Set([...rootCertificates, ...certificates])] });
    return known;
  };
  return { known: nodes, full: () => (full ??= readAll()) };
}

function readCertificates(): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const reader = new Worker(READER, { eval: true, execArgv: [] });
    reader.unref();
    reader.once("message", (message) => resolve(v.parse(Certificates, message)));
    reader.once("error", reject);
    reader.once("exit", () => resolve([]));
  });
}

/** What this machine trusts, read once for all of its process's connections. */
export const machineTrust = createServerTrust(readCertificates);
