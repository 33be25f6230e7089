// A lobby that several servers share, as the options name it. Its code is loaded only for that.
import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { readAtMost } from "./admission/protection.ts";
import { reasonOf } from "./data/dataFolder.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import type { EtcdTls } from "./cluster/etcdHttp.ts";
import type { Engine, JoinOptions } from "./cluster/joinCluster.ts";
import type { JoinLobby } from "./hall/hostedLobby.ts";
import type { ClusterArguments } from "./clusterArguments.ts";

const SECRET_CHARACTERS = 32;

export type SharedLobby = {
  readonly join: JoinLobby;
  /** Loads renewed certificates for etcd. If they cannot be used, the former ones stay. Undefined: without TLS. */
  readonly reloadTls: (() => Result<unknown, string>) | undefined;
};

/** How the server takes part in it; undefined: it has a lobby of its own. The errors are sentences. */
export function shareLobby(
  args: ClusterArguments | undefined,
  { dataFolder, ...options }: JoinOptions & { readonly dataFolder: string | undefined },
): Result<SharedLobby | undefined, string> {
  if (args === undefined) return ok(undefined);
  if (dataFolder !== undefined) {
    return err("--data and --cluster cannot be used together: the cluster keeps the names.");
  }
  const engine = attempt(() => readEngine(args));
  if (!engine.ok) return engine;
  const read = attempt(() => readTls(args));
  if (!read.ok) return read;
  let tls = read.value;
  const join: JoinLobby = async (server) => {
    const { joinCluster } = await import("./cluster/joinCluster.ts").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")
        return { joinCluster: undefined };
      throw error;
    });
    return joinCluster === undefined
      ? err("--cluster needs the file cluster.cjs beside server.js. It comes from the same place.")
      : joinCluster({ ...engine.value, tls: () => tls }, options, server);
  };
  const reloadTls = (): Result<unknown, string> => {
    const renewed = attempt(() => readTls(args));
    if (renewed.ok) tls = renewed.value;
    return renewed;
  };
  return ok({ join, reloadTls: tls && reloadTls });
}

/** The engine and the secret that the options name. Throws an error with a sentence. */
function readEngine(args: ClusterArguments): Omit<Engine, "tls"> {
  const secret = read(args.secret, "--cluster-secret").toString("utf8").trim();
  if (secret.length < SECRET_CHARACTERS)
    throw new Error(`The secret in ${args.secret} needs at least ${SECRET_CHARACTERS} characters.`);
  const [, name, password] =
    (args.login === undefined ? "" : read(args.login, "--cluster-login").toString("utf8"))
      .trim()
      .match(/^([^:\n]+):(.+)$/) ?? [];
  if (args.login !== undefined && (name === undefined || password === undefined))
    throw new Error(`${args.login} must contain NAME:PASSWORD.`);
  const [first, ...others] = args.members;
  const url = (member: string): string => `${args.ca === undefined ? "http" : "https"}://${member}`;
  return {
    endpoints: [url(first), ...others.map(url)],
    secret,
    ...(name === undefined || password === undefined ? {} : { user: { name, password } }),
    link: args.node,
  };
}

/** Undefined: without TLS. Throws an error with a sentence, also if the files do not fit each other. */
function readTls({ ca, cert, key }: ClusterArguments): EtcdTls | undefined {
  if (ca === undefined) return undefined;
  const tls = {
    ca: read(ca, "--cluster-ca"),
    ...(cert === undefined ? {} : { cert: read(cert, "--cluster-cert") }),
    ...(key === undefined ? {} : { key: read(key, "--cluster-key") }),
  };
  try {
    // A secure context ignores an authority that is none, and a text that is empty.
    createSecureContext({ ...tls, ca: new X509Certificate(tls.ca).toString() });
    return tls;
  } catch (error) {
    throw new Error(`Cannot use the certificates for etcd: ${error instanceof Error ? error.message : ""}`);
  }
}

function read(path: string, option: string): Buffer {
  try {
    return readAtMost(path);
  } catch (error) {
    throw new Error(`Cannot use ${path} (${option}): ${reasonOf(error)}.`);
  }
}

function attempt<T>(reading: () => T): Result<T, string> {
  try {
    return ok(reading());
  } catch (error) {
    return err(error instanceof Error ? error.message : "Cannot read the files of the cluster.");
  }
}
