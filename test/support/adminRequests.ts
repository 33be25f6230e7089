// Requests to the admin listener of a server.
import { once } from "node:events";
import { request } from "node:http";
import type { ServerProcess } from "./serverProcess.ts";

export type AdminAnswer = {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
};

/** The port in the log of a server that was started with `--admin`. */
export async function adminPort(server: ServerProcess): Promise<number> {
  for (;;) {
    const line = /"event":"admin-listening".*"port":(\d+)/u.exec(server.stderr);
    if (line !== null) return Number(line[1]);
    await once(server.child.stderr ?? server.child, "data");
  }
}

export async function askAdmin(
  port: number,
  path: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<AdminAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    asked.on("error", reject).end();
  });
}
