// Parses the options for several servers with one lobby.
import { hostnameOf, isLocalName } from "./admission/hostNames.ts";
import { err, ok, type Result } from "../protocol/result.ts";

export type ClusterArguments = {
  /** `HOST:PORT` of each member of the engine. */
  readonly members: readonly [string, ...string[]];
  /** Paths of files. */
  readonly secret: string;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly login: string | undefined;
  /** `HOST:PORT` at which this server listens for the others. */
  readonly node: string;
};

export const clusterOptions = {
  cluster: { type: "string" },
  "cluster-secret": { type: "string" },
  "cluster-ca": { type: "string" },
  "cluster-cert": { type: "string" },
  "cluster-key": { type: "string" },
  "cluster-login": { type: "string" },
  "node-url": { type: "string" },
} as const;

export const clusterUsage = `
Several servers with one lobby:
  --cluster etcd://HOST:PORT[,HOST:PORT...]
                              share the lobby with other servers through this etcd
  --cluster-secret FILE       a secret of at least 32 characters, the same on all servers
  --cluster-ca FILE           use TLS with etcd, whose certificate is from this authority (PEM)
  --cluster-cert FILE         certificate for etcd, and its key (PEM); all three are reloaded on SIGHUP
  --cluster-key FILE
  --cluster-login FILE        NAME:PASSWORD for etcd
  --node-url https://HOST:PORT
                              where the other servers reach this one; it listens there
`;

type Values = Readonly<Partial<Record<keyof typeof clusterOptions, string | undefined>>>;

/** Undefined: the server is on its own. The error is a sentence. */
export function parseCluster(values: Values): Result<ClusterArguments | undefined, string> {
  const { cluster } = values;
  if (cluster === undefined) {
    const stray = (Object.keys(clusterOptions) as (keyof typeof clusterOptions)[]).find(
      (name) => values[name] !== undefined,
    );
    return stray === undefined ? ok(undefined) : err(`--${stray} needs --cluster.`);
  }
  const [, hosts = ""] = /^etcd:\/\/([^/]+)\/?$/.exec(cluster) ?? [];
  const [first, ...others] = hosts.split(",");
  if (first === undefined || ![first, ...others].every(isPlace)) {
    return err(`--cluster must be like etcd://HOST:PORT,HOST:PORT, not ${JSON.stringify(cluster)}.`);
  }
  const { "cluster-secret": secret, "cluster-cert": cert, "cluster-key": key, "cluster-ca": ca } = values;
  if (secret === undefined) return err("--cluster needs --cluster-secret.");
  if ((cert === undefined) !== (key === undefined)) {
    return err("--cluster-cert and --cluster-key must be used together.");
  }
  if (cert !== undefined && ca === undefined) return err("--cluster-cert needs --cluster-ca.");
  const url = values["node-url"];
  if (url === undefined) return err("--cluster needs --node-url, so that the other servers reach this one.");
  const node = /^https:\/\/([^/]+)\/?$/.exec(url)?.[1] ?? "";
  if (!isPlace(node)) {
    return err(`--node-url must be like https://HOST:PORT, not ${JSON.stringify(url)}.`);
  }
  return ok({
    members: [first, ...others],
    secret,
    ca,
    cert,
    key,
    login: values["cluster-login"],
    node,
  });
}

/** Whether clients can reach this server from other machines, but servers there cannot: `--node-url` leads each to itself. */
export function isNodeUnreachable(host: string, cluster: ClusterArguments | undefined): boolean {
  return cluster !== undefined && !isLocalName(host) && isLocalName(hostnameOf(cluster.node));
}

function isPlace(text: string): boolean {
  const [, port] = /^(?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && Number(port) > 0 && URL.canParse(`https://${text}`);
}
