// Peers that are no Fork Chat, and a window that has a session with one: for tests of what a bulk link may bring.
import assert from "node:assert/strict";
import { once } from "node:events";
import * as v from "valibot";
import { WebSocket, type RawData } from "ws";
import { BULK_PATH, type BulkMessage } from "../../protocol/bulk.ts";
import type { Address } from "../../protocol/fields.ts";
import { TestKey } from "../support/testKey.ts";
import { Files, linkTo } from "./bulkHarness.ts";
import {
  atEnd,
  connected,
  fakeServer,
  received,
  testNetwork,
  type Stream,
  type TestNetwork,
} from "./netHarness.ts";
import { boot, hello, listening, pinOf, sid, stranger, tlsTo } from "./peerHarness.ts";

export const open = (change: Partial<Extract<BulkMessage, { type: "open" }>> = {}): BulkMessage => ({
  ...{ type: "open", v: 2, sid, boot, n: 1 },
  ...change,
});

/** bobby, who listens and has a session with the holder of a key, which dialed its link. */
export async function listener(limits: Parameters<typeof testNetwork>[0] = {}): Promise<{
  bobby: TestNetwork;
  address: Address;
  key: TestKey;
  files: Files;
  link: WebSocket;
  told: Stream<string>;
}> {
  const key = new TestKey();
  const held: { files?: Files } = {};
  const bobby = testNetwork({
    ...limits,
    onEvent: (event) => held.files?.hear(event),
    onBulk: (event) => held.files?.hear(event),
  });
  await connected(bobby, await fakeServer());
  const address = await listening(bobby, key);
  const link = await stranger(address, key);
  const told = received(link);
  link.send(JSON.stringify(hello()));
  await bobby.event("link/frame");
  const files = new Files(bobby.bulk);
  held.files = files;
  bobby.bulk.linked(sid, { ...linkTo(bobby, "peer", "i1"), pin: pinOf(key) });
  return { bobby, address, key, files, link, told };
}

/** A bulk link of a peer that is no Fork Chat. */
export async function bulkTo(address: Address, key: TestKey): Promise<WebSocket> {
  const socket = await tlsTo(address, key);
  const ws = new WebSocket(`ws://peer${BULK_PATH}`, {
    createConnection: () => socket,
    perMessageDeflate: false,
  });
  atEnd(() => ws.terminate());
  ws.on("error", () => undefined);
  await once(ws, "open");
  return ws;
}

export const say = (ws: WebSocket, message: BulkMessage): void => ws.send(JSON.stringify(message));

/** A bulk link whose `open` was answered. */
export async function openBulk(address: Address, key: TestKey, n = 1): Promise<WebSocket> {
  const ws = await bulkTo(address, key);
  say(ws, open({ n }));
  const [data] = (await once(ws, "message")) as [RawData];
  assert.deepEqual(JSON.parse(v.parse(v.instance(Buffer), data).toString()), open({ n }));
  return ws;
}
