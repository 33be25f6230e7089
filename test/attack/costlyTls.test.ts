// Strangers who ask a server with TLS for the costliest key exchanges: a recorded ClientHello is enough, and the server
// would compute before it knows anything about them. It must refuse them after its certificate was renewed, too.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type SecureVersion } from "node:tls";
import { generate } from "selfsigned";
import { ServerProcess } from "../support/serverProcess.ts";
import { HonestPair } from "./honestPair.ts";

/** What OpenSSL offers beside the groups that browsers use. */
const COSTLY = ["ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192", "P-521", "X448"];
const COMMON = ["X25519", "P-256", "P-384"];

/** The exchange of TLS 1.2 that has its size from the server. */
const DHE = "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384";

describe("expensive key exchanges with a TLS server", () => {
  let folder: string;
  let server: ServerProcess;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-groups-"));
    const made = await generate([{ name: "commonName", value: "chat.example" }], { keySize: 2048 });
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    await Promise.all([writeFile(cert, made.cert), writeFile(key, made.private)]);
    server = await ServerProcess.start("--tls-cert", cert, "--tls-key", key);
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function shakes(
    maxVersion: SecureVersion,
    offer: { ecdhCurve?: string; ciphers?: string },
  ): Promise<boolean> {
    const socket = connect({
      ...{ port: server.port, host: "127.0.0.1", rejectUnauthorized: false, maxVersion },
      ...offer,
    });
    try {
      return await Promise.race([
        once(socket, "secureConnect").then(() => true),
        new Promise<boolean>((resolve) =>
          socket.on("error", () => resolve(false)).on("close", () => resolve(false)),
        ),
      ]);
    } finally {
      socket.destroy();
    }
  }

  async function assertGroups(): Promise<void> {
    for (const ecdhCurve of COMMON) assert.ok(await shakes("TLSv1.3", { ecdhCurve }), ecdhCurve);
    const accepted: string[] = [];
    for (const ecdhCurve of COSTLY) if (await shakes("TLSv1.3", { ecdhCurve })) accepted.push(ecdhCurve);
    if (await shakes("TLSv1.2", { ciphers: DHE })) accepted.push("DHE");
    assert.deepEqual(accepted, []);
  }

  it("are rejected, before and after the certificate is renewed, and cost an honest pair no message", async () => {
    const pair = await HonestPair.meet(server.url, { rejectUnauthorized: false });
    await assertGroups();
    await pair.talk();
    server.child.kill("SIGHUP");
    await server.logged(/"event":"tls-reloaded"/);
    await assertGroups();
    await pair.talk();
    await pair.leave();
  });
});
