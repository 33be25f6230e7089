// VS Code's secret storage: in memory, or in a file for each secret.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Secrets } from "../../extension/host/trust/keyring.ts";

type Options = { readonly folder?: string; readonly secrets?: Map<string, string> };

/** @param folder for the files; without one, the secrets are in memory */
export function secretsOf({ folder, secrets = new Map<string, string>() }: Options): Secrets {
  const path = (key: string): string => join(folder ?? "", `${Buffer.from(key).toString("hex")}.secret`);
  return {
    get: (key) =>
      Promise.resolve(
        folder === undefined
          ? secrets.get(key)
          : existsSync(path(key))
            ? readFileSync(path(key), "utf8")
            : undefined,
      ),
    store: (key, value) => {
      if (folder === undefined) secrets.set(key, value);
      else {
        mkdirSync(folder, { recursive: true });
        writeFileSync(path(key), value);
      }
      return Promise.resolve();
    },
  };
}
