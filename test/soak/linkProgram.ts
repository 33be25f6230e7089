// One end of links that open and close without a pause: the network of a window as a program of its own. The caller dials,
// directly and over the relay, says something, and hangs up; the callee answers. Both tell what they hold in memory, one
// JSON object a line. For the soak test.
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import type { DialTarget, NetworkEvent } from "../../extension/core/model/ports.ts";
import { createNetwork } from "../../extension/net/network.ts";
import { closeCodes } from "../../protocol/errors.ts";
import { Address, Boot, MessageId, Pin, SessionId, type Token } from "../../protocol/fields.ts";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import type { PeerMessage } from "../../protocol/peer.ts";
import { memoryUse } from "../support/memoryUse.ts";
import { TestKey } from "../support/testKey.ts";

const Start = v.object({
  server: v.string(),
  /** This end's own key, PKCS #8 in PEM. */
  key: v.string(),
  peer: v.object({ pin: Pin }),
  /** Where the peer listens: the caller's. */
  address: v.optional(Address),
  sampleMs: v.number(),
});

/** Names that only ask for tickets: each may do so twice a second, and all links are of the last one. */
const HELPERS = ["ticket-1", "ticket-2", "ticket-3", "ticket-4"];
/** Between two calls over the relay: as often as the names together may ask. */
const RELAY_MS = 150;
const WORDS = 3;

const start = v.parse(Start, JSON.parse(process.argv[2] ?? "{}"));
const { server, key, peer, address } = start;
const name = address === undefined ? "callee" : "caller";
const sid = v.parse(SessionId, "session-of-soak");
const boot = v.parse(Boot, "boot-of-soak");
const hello: PeerMessage = {
  type: "hello",
  v: PROTOCOL_VERSION,
  sid,
  n: 1,
  boot,
  knows: null,
  received: 0,
  sent: 0,
};
const links = { direct: 0, relayed: 0 };

type EventOf<T extends NetworkEvent["type"]> = Extract<NetworkEvent, { type: T }>;
const waiting = new Set<(event: NetworkEvent) => void>();

const network = createNetwork({
  emit: (event) => {
    for (const check of [...waiting]) check(event);
    if (address === undefined) answer(event);
    if (event.type === "link/failed" || event.type === "listener/failed") throw new Error(event.text);
  },
  emitBulk: () => undefined,
  settings: () => ({ peerHost: "", peerPort: 0 }),
  credentials: {
    key: (identity) => Promise.resolve(identity === name ? key : new TestKey().pem),
    token: () => Promise.resolve(undefined),
    certificate: () => undefined,
  },
  log: { debug: () => undefined, info: () => undefined, warn: (text) => process.stderr.write(`${text}\n`) },
});

/** The next event that fits. */
function next<T extends NetworkEvent["type"]>(
  type: T,
  fits: (event: EventOf<T>) => boolean = () => true,
): Promise<EventOf<T>> {
  return new Promise((resolve) => {
    const check = (event: NetworkEvent): void => {
      if (!isOf(event, type) || !fits(event)) return;
      waiting.delete(check);
      resolve(event);
    };
    waiting.add(check);
  });
}

function isOf<T extends NetworkEvent["type"]>(event: NetworkEvent, type: T): event is EventOf<T> {
  return event.type === type;
}

async function joinAs(connection: number, identity: string): Promise<void> {
  const opened = next("rendezvous/opened", (event) => event.connection === connection);
  network.connect(connection, server, identity);
  await opened;
  const joined = next(
    "rendezvous/message",
    (event) => event.connection === connection && event.message.type === "joined",
  );
  network.join(connection, { name: identity });
  await joined;
}

/** The callee's part: greets its callers, confirms what it receives, and goes to the relay when asked. */
function answer(event: NetworkEvent): void {
  if (
    event.type === "rendezvous/message" &&
    event.message.type === "reach" &&
    event.message.ticket !== undefined
  ) {
    network.meetAtRelay({ server, ticket: event.message.ticket }, event.message.pin);
  } else if (event.type === "link/frame" && event.frame.type === "hello") {
    network.sendLink(event.link, hello);
  } else if (event.type === "link/frame" && event.frame.type === "message") {
    network.sendLink(event.link, { type: "ack", received: event.frame.seq });
  }
}

let dials = 0;
/** One link from its dial to its end. */
async function call(path: "direct" | "relayed", ticket?: Token): Promise<void> {
  const link = `d${++dials}`;
  const relay = ticket === undefined ? null : { server, ticket };
  const addresses = relay === null && address !== undefined ? [address] : [];
  const target: DialTarget = { pin: peer.pin, addresses, relay };
  const connected = next("link/connected", (event) => event.link === link);
  network.dial(link, target);
  await connected;
  const greeted = next("link/frame", (event) => event.link === link);
  network.sendLink(link, hello);
  await greeted;
  const confirmed = next(
    "link/frame",
    ({ link: of, frame }) => of === link && frame.type === "ack" && frame.received === WORDS,
  );
  for (let seq = 1; seq <= WORDS; seq++)
    network.sendLink(link, { type: "message", seq, at: Date.now(), text: `words ${seq}`.repeat(20) });
  await confirmed;
  network.closeLink(link, closeCodes.quit);
  links[path] += 1;
}

async function callDirectly(): Promise<void> {
  for (;;) await call("direct");
}

async function callOverRelay(): Promise<void> {
  for (let n = 1; ; n++) {
    const id = v.parse(MessageId, `reach-${n}`);
    const reaching = next(
      "rendezvous/message",
      ({ message }) => message.type === "reaching" && message.id === id,
    );
    network.send(1 + (n % HELPERS.length), { type: "reach", id, sid, to: "callee", card: { addresses: [] } });
    const { message } = await reaching;
    if (message.type === "reaching") await call("relayed", message.ticket);
    await delay(RELAY_MS);
  }
}

if (address !== undefined) for (const [n, helper] of HELPERS.entries()) await joinAs(1 + n, helper);
await joinAs(1 + HELPERS.length, name);
network.expect([peer.pin]);
const ready = next("listener/ready");
network.listen(name, "loopback", null);
process.stdout.write(`${JSON.stringify({ address: (await ready).addresses[0] })}\n`);
setInterval(
  () => process.stdout.write(`${JSON.stringify({ memory: memoryUse(), links })}\n`),
  start.sampleMs,
);
process.stdin.on("end", () => void network.dispose().then(() => process.exit(0))).resume();
if (address !== undefined) await Promise.all([callDirectly(), callOverRelay()]);
