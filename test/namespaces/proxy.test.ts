// Two people behind one router with NAT, and a server that listens on loopback behind a real nginx: whether they are linked in
// their own network or by the relay.
import assert from "node:assert/strict";
import { Nginx } from "../support/nginx.ts";
import { ensureNginx } from "../../scripts/nginx.ts";
import { Cast, Session, type Person } from "./cast.ts";
import { missing, scenario } from "./scenario.ts";
import { Topology, type Place } from "./topology.ts";

// Addresses of documentation stand for public ones: nothing in here has a way out.
const SERVER = "203.0.113.1";
const HOME = "203.0.113.11";

describe("private sessions within one site, with the server behind nginx", () => {
  const topology = new Topology();
  const cast = new Cast();
  const proxies: Nginx[] = [];
  let internet: Place;
  let atHome: readonly [Place, Place];

  before(async function () {
    if (missing !== undefined) return;
    // It may have to be installed.
    this.timeout(600_000);
    await ensureNginx((line) => console.log(`      ${line}`));
    internet = await topology.switch("internet", `${SERVER}/24`);
    const home = await topology.router("home", internet, `${HOME}/24`, SERVER, "192.168.1.1/24");
    atHome = [
      await topology.host("anna", home, ["192.168.1.21/24"], "192.168.1.1"),
      await topology.host("bobby", home, ["192.168.1.22/24"], "192.168.1.1"),
    ];
  });

  after(async () => {
    await cast.dismiss();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    await topology.remove();
  });

  /** Two people who have come through nginx at this port, which names its clients, to a server with these arguments. */
  async function through(port: number, ...args: readonly string[]): Promise<[Person, Person]> {
    const url = `ws://${SERVER}:${String(port)}`;
    const server = await cast.server(internet, "127.0.0.1", "--public-url", url, ...args);
    proxies.push(
      await Nginx.start(
        `server {
           listen ${SERVER}:${String(port)};
           location / {
             proxy_pass http://127.0.0.1:${String(server.port)};
             proxy_http_version 1.1;
             proxy_set_header Host $http_host;
             proxy_set_header X-Forwarded-For $remote_addr;
             proxy_set_header Upgrade $http_upgrade;
             proxy_set_header Connection "upgrade";
           }
         }`,
        internet.within,
      ),
    );
    const [anna, bobby] = atHome;
    return Promise.all([cast.person("anna", anna, { url }), cast.person("bobby", bobby, { url })]);
  }

  scenario("are direct when the server trusts the proxy", async () => {
    const [anna, bobby] = await through(8080, "--trust-proxy", "127.0.0.1", "--no-relay");
    const session = await Session.open(anna, bobby);
    await session.untilLinked("direct");
    assert.ok((await session.addressesOf(bobby))?.includes(HOME));
    await session.talkAndRead();
    await session.leave();
  });

  scenario("are relayed when it does not", async () => {
    const [anna, bobby] = await through(8081);
    const session = await Session.open(anna, bobby);
    assert.equal(await session.path(), "relayed");
    await session.talkAndRead();
    await session.leave();
  });
});
