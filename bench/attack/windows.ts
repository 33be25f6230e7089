// Attacks on a window by a lobby member, or by anyone who reaches its listener.
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import { tlsTo } from "../../test/integration/peerHarness.ts";
import { TestClient } from "../../test/conformance/testClient.ts";
import { hostileChain, longExponent } from "../../test/support/hostileCertificates.ts";
import { TestKey } from "../../test/support/testKey.ts";
import type { Address } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { PEER_ALPN } from "../../protocol/peer.ts";
import { onWindow, type Attack, type WindowTarget } from "./attack.ts";

const CERTIFICATES = 70;
const AT_ONCE = 16;
const LASTS_MS = 4_000;
const DIALS = 99;
const MEMBERS = 8;

export const attacksOnWindows: readonly Attack[] = [
  onWindow("no attack", () => sleep(LASTS_MS, "")),
  onWindow(
    `${CERTIFICATES} certificates, ${AT_ONCE} handshakes at once with a window's listener`,
    atListener,
  ),
  onWindow(`${CERTIFICATES} certificates, at the ${limits.addresses} addresses of a card`, atDialler),
  onWindow(`${AT_ONCE} idle connections from a peer's address at a window's listener`, idleNeighbours),
  onWindow(`cards with new addresses each time, from ${MEMBERS} members`, newAddresses),
];

async function atListener(target: WindowTarget): Promise<string> {
  const { member, address } = await forkVictim(target, []);
  const options = hostileIdentity();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const socket = connect(address);
      socket.on("error", () => undefined);
      const tls = connectTls({ socket, ...options, rejectUnauthorized: false });
      tls.on("error", () => undefined).resume();
      await new Promise((resolve) => tls.once("close", resolve));
    }),
  );
  await member.close();
  return "";
}

async function atDialler(target: WindowTarget): Promise<string> {
  const server = createTlsServer({ ...hostileIdentity(), requestCert: true, rejectUnauthorized: false });
  let dials = 0;
  server.on("connection", () => (dials += 1)).on("tlsClientError", () => undefined);
  const port = await listen(server);
  const { member } = await forkVictim(target, places(port));
  // The callee waits a moment, then dials every 250 ms.
  await sleep(1_000 + limits.addresses * 250 + LASTS_MS);
  await member.close();
  server.close();
  return `${dials} dials`;
}

/** The peer dials repeatedly, while its neighbors hold idle connections and replace those that are cut. */
async function idleNeighbours(target: WindowTarget): Promise<string> {
  const { member, address, key } = await forkVictim(target, []);
  const idle = new Set<Socket>();
  let over = false;
  const hold = (): void => {
    if (over) return;
    const socket = connect(address);
    idle.add(socket);
    socket.on("error", () => undefined).resume();
    socket.once("close", () => {
      idle.delete(socket);
      setTimeout(hold, 100);
    });
  };
  for (let n = 0; n < AT_ONCE; n++) hold();
  await sleep(200);
  let failed = 0;
  for (let n = 0; n < DIALS; n++) {
    // In TLS 1.3 the client finishes before the listener has checked its key. Only the session shows that it was accepted.
    const [tls] = await Promise.allSettled([tlsTo(address, key)]);
    if (tls.status === "rejected") failed += 1;
    else {
      const isIn = once(tls.value, "session").then(
        () => true,
        () => false,
      );
      const isOut = once(tls.value, "close").then(() => false);
      if (!(await Promise.race([isIn, isOut]))) failed += 1;
      tls.value.destroy();
    }
  }
  over = true;
  for (const socket of idle) socket.destroy();
  await member.close();
  return `${failed} of ${DIALS} dials of the peer fail`;
}

async function newAddresses(target: WindowTarget): Promise<string> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined).destroy();
  });
  const port = await listen(server);
  const start = performance.now();
  await Promise.all(
    Array.from({ length: MEMBERS }, async (_, m) => {
      const { member, sid } = await forkVictim(target, places(port, m), `mallory${m}`);
      for (let n = 1; n <= 40; n++) {
        const card = { addresses: places(port, m, n) };
        member.send({ type: "reach", id: `reach-${n}`, sid, to: "victim", card });
        await sleep(500);
      }
      await member.close();
    }),
  );
  const perSecond = connections / ((performance.now() - start) / 1_000);
  server.close();
  return `${perSecond.toFixed(1)} connections per second to chosen addresses`;
}

/** A member that has forked the window and was accepted. */
async function forkVictim(
  { url }: WindowTarget,
  addresses: readonly Address[],
  name = "mallory",
): Promise<{ member: TestClient; key: TestKey; sid: string; address: Address }> {
  const key = new TestKey();
  const member = await TestClient.join(url, name, {}, key);
  member.send({ type: "fork", id: "fork-1", to: "victim", card: { addresses } });
  const { sid, peer } = await member.until("introduction");
  const [address] = peer.card.addresses;
  if (address === undefined) throw new Error("The window is not listening.");
  return { member, key, sid, address };
}

function hostileIdentity(): { key: string; cert: string; ALPNProtocols: string[]; minVersion: "TLSv1.3" } {
  const key = new TestKey();
  const cert = hostileChain(key, longExponent(3072), CERTIFICATES);
  return { key: key.pem, cert, ALPNProtocols: [PEER_ALPN], minVersion: "TLSv1.3" };
}

/** At every address of this machine. */
async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, "0.0.0.0");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A card full of addresses of this machine, different for each `member` and `round`. */
function places(port: number, member = 0, round = 0): Address[] {
  return Array.from({ length: limits.addresses }, (_, n) => ({
    host: `127.${1 + member}.${round}.${1 + n}`,
    port,
  }));
}
