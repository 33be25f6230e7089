// A lobby that several servers share, as the options name it. Its code is loaded only for that.
import { readAtMost } from "./admission/protection.ts";
import { reasonOf } from "./data/dataFolder.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import type { Engine, JoinOptions } from "./cluster/joinCluster.ts";
import type { JoinLobby } from "./hall/hostedLobby.ts";
import type { ClusterArguments } from "./clusterArguments.ts";

const SECRET_CHARACTERS = 32;

/** How the server takes part in it; undefined: it has a lobby of its own. The errors are sentences. */
export function shareLobby(
  args: ClusterArguments | undefined,
  { dataFolder, ...options }: JoinOptions & { readonly dataFolder: string | undefined },
): Result<JoinLobby | undefined, string> {
  if (args !== undefined && dataFolder !== undefined) {
    return err("--data and --cluster cannot be used together: the cluster keeps the names.");
  }
  const engine = args && readEngine(args);
  if (!engine?.ok) return engine ?? ok(undefined);
  return ok(async (server) => {
    const { joinCluster } = await import("./cluster/joinCluster.ts").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")
        return { joinCluster: undefined };
      throw error;
    });
    return joinCluster === undefined
      ? err("--cluster needs the file cluster.cjs beside server.js. It comes from the same place.")
      : joinCluster(engine.value, options, server);
  });
}

/** The engine and the secret that the options name. The error is a sentence. */
function readEngine(args: ClusterArguments): Result<Engine, string> {
  const read = (path: string, option: string): string => {
    try {
      return readAtMost(path).toString("utf8");
    } catch (error) {
      throw new Error(`Cannot use ${path} (${option}): ${reasonOf(error)}.`);
    }
  };
  try {
    const secret = read(args.secret, "--cluster-secret").trim();
    if (secret.length < SECRET_CHARACTERS) {
      return err(`The secret in ${args.secret} needs at least ${SECRET_CHARACTERS} characters.`);
    }
    const [, name, password] =
      (args.login === undefined ? "" : read(args.login, "--cluster-login"))
        .trim()
        .match(/^([^:\n]+):(.+)$/) ?? [];
    if (args.login !== undefined && (name === undefined || password === undefined)) {
      return err(`${args.login} must contain NAME:PASSWORD.`);
    }
    const tls =
      args.ca === undefined
        ? undefined
        : {
            ca: read(args.ca, "--cluster-ca"),
            ...(args.cert === undefined ? {} : { cert: read(args.cert, "--cluster-cert") }),
            ...(args.key === undefined ? {} : { key: read(args.key, "--cluster-key") }),
          };
    const [first, ...others] = args.members;
    const url = (member: string): string => `${tls === undefined ? "http" : "https"}://${member}`;
    return ok({
      endpoints: [url(first), ...others.map(url)],
      secret,
      ...(tls && { tls }),
      ...(name === undefined || password === undefined ? {} : { user: { name, password } }),
      link: args.node,
    });
  } catch (error) {
    return err(error instanceof Error ? error.message : "Cannot read the files of the cluster.");
  }
}
