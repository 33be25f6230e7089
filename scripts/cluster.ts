// `npm run cluster`: builds and packs the extension, starts etcd, two servers with one lobby and a load balancer in front of
// them, and shows a link to a window for each of three people. Ctrl+C ends everything.
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Balancer } from "./balancer.ts";
import { ensureEtcd } from "./etcd.ts";
import { makePackage } from "./makePackage.ts";
import { startProcess } from "./processTree.ts";
import { freePort, log, openWeb, serverPort, startServer, TRY_HOME, type TriedServer } from "./tryOut.ts";
import { describeFailure } from "./unavailable.ts";

const HOME = join(TRY_HOME, "cluster");
const SECRET = join(HOME, "secret");

async function main(): Promise<void> {
  const program = await ensureEtcd(log);
  await makePackage(log);
  await rm(HOME, { recursive: true, force: true });
  await mkdir(HOME, { recursive: true });
  await writeFile(SECRET, randomBytes(32).toString("base64url"), { mode: 0o600 });
  const etcd = await startEtcd(program);
  const balancer = await Balancer.listen(await serverPort());
  const servers: TriedServer[] = [];
  for (const name of ["first", "second"]) {
    const server = await startServer(
      ...["--cluster", `etcd://${etcd}`, "--cluster-secret", SECRET],
      ...["--node-url", `https://127.0.0.1:${await freePort()}`],
      ...["--allow-host", `127.0.0.1:${balancer.port}`],
    );
    servers.push(server);
    void server.ended.then(() => console.log(`The ${name} server stopped.`));
  }
  balancer.ports = servers.map(({ url }) => Number(new URL(url).port));
  const [first, second] = servers.map(({ pid }) => String(pid));
  console.log(`
Two Fork Chat servers share one lobby over etcd. Windows get to one or the other through ${balancer.url}.
To see everyone move to the other server, stop one with “kill ${first}” or “kill ${second}”, or let it crash with “kill -9”.`);
  await openWeb(balancer.url);
}

/** Starts one member without data. Returns its place. The servers wait until it serves. */
async function startEtcd(program: string): Promise<string> {
  const [place, peers] = [`127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const url = `http://${place}`;
  const { ended } = await startProcess(
    program,
    [
      ...["--data-dir", join(HOME, "etcd"), "--listen-client-urls", url, "--advertise-client-urls", url],
      ...["--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers],
      ...["--initial-cluster", `default=${peers}`],
    ],
    { stdio: "ignore" },
  );
  void ended.then(() => console.log("etcd stopped."));
  return place;
}

try {
  await main();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
process.exit();
