// The tables of codes and limits in docs/PROTOCOL.md hold what protocol/ holds, and nothing else.
import assert from "node:assert/strict";
import { netLimits } from "../../../extension/net/dial/netLimits.ts";
import { closeCodes, errorTexts, upgradeStatus, type RefusedCode } from "../../../protocol/errors.ts";
import { limits, PROTOCOL_VERSION } from "../../../protocol/limits.ts";
import { PEER_ALPN, PEER_PATH } from "../../../protocol/peer.ts";
import { RELAY_PATH, SEEN_HOST_HEADER } from "../../../protocol/rendezvous.ts";
import { usage } from "../../../server/arguments.ts";
import { numbersOf, protocolDocument, quoted, rowsOf, section, withoutCode } from "./protocolDocument.ts";

/** By their names, so that a new one is missed here by the compiler. */
const refusedCodes = Object.keys({
  version: 0,
  "name-empty": 0,
  "name-too-long": 0,
  "name-characters": 0,
  "name-scripts": 0,
  "name-reserved": 0,
  "name-lookalike": 0,
  signature: 0,
  "token-missing": 0,
  "token-wrong": 0,
  "rate-limited": 0,
} satisfies Record<RefusedCode, 0>);

/** What a WebSocket library, or the server's reader of frames, closes with. */
const codesOfFrames = [1002, 1007, 1008];

/** Statuses that the server's reader of requests and its HTTP library answer with. */
const statusesOfRequests = [405, 408, 431];

/** Limits of a window that cannot be noticed from outside. */
const ownLimits = ["selfTestMs", "listenRetryMs", "longestListenRetryMs", "addressWatchMs"];

/** Numbers in the text that are no limits: what the safety number is made with; waiting times without a name; the last line. */
const otherNumbers = [5_200, 100_000, 1_000, 2_000, 5_000, 50_000_000];

const ofCode = (row: Record<string, string>): string => quoted(row.Code ?? "")[0] ?? "";

describe("docs/PROTOCOL.md: codes and limits", () => {
  it("has each error code, where it is used, and no other", () => {
    const rows = rowsOf(section("## Error codes"));
    const peerCodes = new Set(
      rowsOf(section("### What breaks a link")).flatMap((row) => quoted(row["Error code"] ?? "")),
    );
    assert.deepEqual(
      rows.map(ofCode).sort(),
      [...new Set([...Object.keys(errorTexts), ...refusedCodes])].sort(),
    );
    for (const row of rows) {
      const code = ofCode(row);
      const places = quoted(row.In ?? "");
      assert.equal(places.includes("refused"), refusedCodes.includes(code), `${code} in refused`);
      assert.equal(places.includes("error"), code in errorTexts, `${code} in error`);
      assert.equal(places.includes("peer"), peerCodes.has(code), `${code} between peers`);
    }
  });

  it("has each close code by its name, and no other", () => {
    const rows = rowsOf(section("## Close codes"));
    const names = Object.entries(closeCodes).map(([name, code]) => [code, name.toLowerCase()] as const);
    const shown = rows.map(
      ({ Code, Name = "" }) => [Number(Code), Name.replace("–", "").replaceAll(" ", "")] as const,
    );
    const expected = [...names, ...codesOfFrames.map((code) => [code, ""] as const)];
    assert.deepEqual(
      shown,
      expected.sort(([a], [b]) => a - b),
    );
    const ofPeers = rowsOf(section("### What breaks a link")).map((row) => Number(row["Close code"]));
    for (const code of ofPeers)
      assert.ok(
        shown.some(([other]) => other === code),
        String(code),
      );
  });

  it("has each status of a refused upgrade, and no other", () => {
    const statuses = rowsOf(section("### Refused upgrades")).map(({ Status }) => Number(Status));
    assert.deepEqual(
      statuses.sort(),
      [...new Set([...Object.values(upgradeStatus), ...statusesOfRequests])].sort(),
    );
  });

  it("has each limit with its value, and no other", () => {
    const shown: Record<string, number> = {};
    for (const row of rowsOf(section("## Limits"))) {
      const names = quoted(row.Limit ?? "");
      const values = numbersOf(row.Value ?? "");
      assert.equal(names.length, values.length, row.Limit);
      for (const [n, name] of names.entries()) {
        assert.ok(!(name in shown), `${name} is there once`);
        shown[name] = values[n] ?? NaN;
      }
    }
    const real = Object.entries(netLimits).filter(([name]) => !ownLimits.includes(name));
    assert.deepEqual(shown, Object.fromEntries(real));
  });

  it("has no large number in its text that is no limit", () => {
    const known = new Set<number>([
      ...Object.values(netLimits),
      ...otherNumbers,
      limits.peerFramesPerSecond * limits.burstSeconds,
      limits.lobbyBytesPerSecond * limits.keyBurstSeconds,
      8 * limits.unackedBytes,
      limits.relayBytesPerSecondOfKey / 1024,
      limits.relayBytesPerSecondOfAddress / 64,
    ]);
    const numbers = [...withoutCode(protocolDocument).matchAll(/\d{1,3}(?:,\d{3})+/gu)].map(([text]) => text);
    assert.ok(numbers.length > 50);
    for (const text of numbers) assert.ok(known.has(Number(text.replaceAll(",", ""))), text);
  });

  it("gives the small numbers of its text as they are", () => {
    const text = withoutCode(protocolDocument).replace(/\s+/gu, " ");
    for (const part of [
      `at most ${String(limits.messageDepth)} levels`,
      `a list of 0 to ${String(limits.addresses)} addresses`,
      `up to ${String(limits.addresses)} addresses`,
      `At most ${String(limits.nameLength)} code points`,
      `the last ${String(limits.historyMessages)} messages`,
      `the newest ${String(limits.newcomerMessages)} messages`,
      `for ${String(limits.heldNameMs / 3_600_000)} hours`,
      `keeps ${String(limits.heldNamesPerKey)} names of one key`,
      `have ${String(limits.pendingForks)} forks open`,
      `${String(limits.burstSeconds)} × ${String(limits.framesPerSecond)} at once`,
      `this key has ${String(limits.relayTunnelsPerKey)} tunnels`,
      `holds ${String(limits.pendingPeersPerAddress)} of one address and ${String(limits.pendingPeers)} in all`,
      `holds ${String(limits.linksPerPeer)} links and ${String(limits.linksPerPeer)} connections without a link of one key, and ${String(limits.sessions + limits.pendingPeers)} links in all`,
      `the next free one of the ${String(netLimits.portAttempts)}`,
      `one every ${String(netLimits.staggerMs)} ms`,
      `the relay ${String(netLimits.relayDelayMs)} ms after`,
      `at once and ${String(limits.peerFramesPerSecond)}/s`,
      `counts for ${String(limits.peerChangeFrames)}.`,
      `keeps ${String(limits.farewells)} such farewells`,
      `version of both protocols: ${String(PROTOCOL_VERSION)}`,
      `protocol \`${PEER_ALPN}\``,
      `\`${SEEN_HOST_HEADER}\` with`,
      `WebSocket at \`${RELAY_PATH}\``,
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(protocolDocument.includes(`\nGET ${PEER_PATH} HTTP/1.1\n`));
  });

  it("names only options that the server has", () => {
    const options = [...protocolDocument.matchAll(/`(--[a-z-]+)/gu)].map(([, name = ""]) => name);
    assert.ok(options.length > 10);
    for (const option of options) assert.ok(usage.includes(` ${option} `), option);
  });
});
