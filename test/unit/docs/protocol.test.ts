import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { makeIdentity } from "../../../extension/net/identity/identity.ts";
import { netLimits } from "../../../extension/net/dial/netLimits.ts";
import { verificationNumber } from "../../../extension/net/identity/verificationNumber.ts";
import { decode } from "../../../protocol/codec.ts";
import { closeCodes, errorTexts, upgradeStatus, type RefusedCode } from "../../../protocol/errors.ts";
import { Pin, PublicKey, Signature } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { PeerMessage } from "../../../protocol/peer.ts";
import { ClientMessage, ServerMessage } from "../../../protocol/rendezvous.ts";
import { provenPin } from "../../../server/joining/joinProof.ts";

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

const document = readFileSync(new URL("../../../docs/PROTOCOL.md", import.meta.url), "utf8");
const rendezvous = document.slice(document.indexOf("\n## Rendezvous"), document.indexOf("\n## Peer link"));
const peerLink = document.slice(document.indexOf("\n## Peer link"));

/** Without the line breaks of paragraphs. */
function plain(text: string): string {
  return text.replace(/\s+/gu, " ");
}

/** The text from a heading to the next one of its kind. */
function section(part: string, heading: string): string {
  return part.slice(part.indexOf(heading)).split("\n### ", 1).join("");
}

describe("the protocol's document", () => {
  it("describes each message of both wires with all its fields", () => {
    for (const [part, heading, schema] of [
      [rendezvous, "### Messages from the client", ClientMessage],
      [rendezvous, "### Messages from the server", ServerMessage],
      [peerLink, "### Frames", PeerMessage],
    ] as const) {
      const lines = section(part, heading).split("\n");
      for (const option of schema.options) {
        const type = option.entries.type.literal;
        const row = lines.find((line) => line.startsWith(`| \`${type}\``));
        assert.ok(row !== undefined, type);
        for (const field of Object.keys(option.entries)) {
          if (field !== "type") assert.ok(row.includes(`\`${field}\``), `${type}.${field}`);
        }
      }
    }
  });

  it("names each error code and each status of a refused upgrade", () => {
    for (const code of Object.keys(errorTexts)) assert.ok(rendezvous.includes(`| \`${code}\``), code);
    for (const status of Object.values(upgradeStatus)) {
      assert.ok(rendezvous.includes(`| ${String(status)} `), String(status));
    }
    for (const code of refusedCodes) assert.ok(rendezvous.includes(`| \`${code}\``), code);
  });

  it("names each code that a connection is closed with", () => {
    const closing = section(rendezvous, "### Closing");
    for (const code of Object.values(closeCodes)) {
      assert.ok(closing.includes(`| ${String(code)} |`), String(code));
    }
    const { binary, tooBig, handshakeTimeout, silent, protocol, stale, unknownSession } = closeCodes;
    const broken = section(peerLink, "### What breaks the protocol");
    for (const code of [binary, tooBig, handshakeTimeout, silent, protocol, stale, unknownSession]) {
      assert.ok(broken.includes(` ${String(code)}`), String(code));
    }
  });

  it("gives the limits as they are", () => {
    const {
      frameBytes,
      serverFrameBytes,
      textBytes,
      backlogBytes,
      historyBytes,
      clients,
      clientsPerAddress,
    } = limits;
    const { handshakeMs, heartbeatMs, silenceMs, silenceStepMs, introductionMs, connectMs } = limits;
    const { linkHeartbeatMs, linkSilenceMs } = limits;
    const { relayFrameBytes, relayBytesPerSecond, relayTunnels, unackedMessages, unackedBytes } = limits;
    const { peerFramesPerSecond, burstSeconds, heldNames, pendingPeers, pendingPeersPerAddress } = limits;
    for (const limit of [
      ...[frameBytes, serverFrameBytes, textBytes, backlogBytes, historyBytes, clients, clientsPerAddress],
      ...[handshakeMs, heartbeatMs, silenceMs, silenceStepMs, introductionMs, connectMs],
      ...[linkHeartbeatMs, linkSilenceMs],
      ...[relayFrameBytes, relayBytesPerSecond, relayTunnels, unackedMessages, unackedBytes],
      ...[limits.relayBytesPerSecondOfKey, limits.relayBytesPerSecondOfAddress],
      ...[limits.relayBytesPerSecondInAll, limits.relayBytesPerSecondOfAddress / 64],
      limits.relayBytesPerSecondOfKey / 1024,
      ...[limits.leastRelayFrameBytes, limits.approachBurstBytes, limits.approachBytesPerSecond],
      ...[limits.allApproachesBurstBytes, limits.allApproachesBytesPerSecond, limits.approachBacklogBytes],
      ...[limits.saidIds, limits.saidIdsPerKey, limits.ticketPairs],
      ...[peerFramesPerSecond, peerFramesPerSecond * burstSeconds, heldNames, 8 * unackedBytes],
      ...[limits.lobbyBytesPerSecond, limits.lobbyBytesPerSecond * limits.keyBurstSeconds],
      ...[limits.lobbyBytesPerSecondMost],
      ...[limits.waitingMessages, limits.waitingMs, limits.noticeBytesPerSecond, limits.noticeBurstBytes],
      limits.unreadBytes,
      ...[limits.listBurstBytes, limits.listBytesPerSecond, limits.fullNoticeReaders],
      ...[limits.serverFramesPerSecond, limits.serverBytesPerSecond, limits.serverBurstFrames],
      ...[limits.serverBurstBytes, limits.peerBytesPerSecond, limits.peerBurstBytes],
      ...[limits.welcomeBurstBytes, limits.welcomeBytesPerSecond],
      ...[limits.allWelcomesBurstBytes, limits.allWelcomesBytesPerSecond, limits.leastWelcomeBytes],
      ...[limits.allListsBurstBytes, limits.allListsBytesPerSecond],
      ...[netLimits.dialMs, netLimits.relayDelayMs, netLimits.staggerMs],
      ...[limits.messageDepth, limits.messageMarks, limits.serverMessageMarks, limits.shortMessageBytes],
      ...[limits.memberBurstBytes, limits.memberBytesPerSecond],
      ...[limits.peerHelloBytes, limits.peerFlightBytes, netLimits.serverHandshakeBytes],
    ]) {
      assert.ok(document.includes(limit.toLocaleString("en-US")), String(limit));
    }
    for (const text of [
      `last ${String(limits.historyMessages)} messages`,
      `up to ${limits.historyChanges.toLocaleString("en-US")} edits`,
      `last ${limits.authors.toLocaleString("en-US")} numbers`,
      `have ${String(limits.pendingForks)} forks`,
      `${String(limits.heldNamesPerKey)} of one key`,
      `keeps ${String(limits.ticketPairsPerKey)} pairs`,
      `for ${String(limits.heldNameMs / 3_600_000)} hours`,
      `${String(limits.joinBurst)} \`join\` at once and ${String(limits.joinsPerSecond)} a second`,
      `${String(limits.forkBurst)} \`fork\` and one every ${String(1 / limits.forksPerSecond)} seconds`,
      `${String(limits.reachBurst)} \`reach\` and ${String(limits.reachesPerSecond)} a`,
      `${String(limits.presenceBurst)} \`presence\` and ${String(limits.presencesPerSecond)} a second`,
      `counts for ${String(limits.peerChangeFrames)} messages`,
      `more than ${String(limits.fullRateReaders)} readers`,
      `for ${String(limits.leastMessageBytes)} bytes at least`,
      `${String(limits.changeBurst)} at once and ${String(limits.changesPerSecond)} a second`,
      `${String(limits.waitingMessagesPerAddress)} of one address`,
      `for ${String(limits.leastNoticeBytes)} bytes at least`,
      `have ${String(limits.relayTunnelsPerKey)} tunnels`,
      `may be ${String(pendingPeersPerAddress)} of one address (an IPv6 /64 is one address) and ${String(pendingPeers)} in all`,
    ]) {
      assert.ok(plain(document).includes(text), text);
    }
  });

  it("gives vectors for keys, signatures and numbers that are right", async () => {
    const vectors = section(document, "### Test vectors").split("\n## ", 1).join("");
    const pem = /-----BEGIN PRIVATE KEY-----[^`]+-----END PRIVATE KEY-----/.exec(vectors)?.[0] ?? "";
    const quoted = [...vectors.replace(pem, "").matchAll(/`([\w:. -]{4,})`/g)].map(([, value = ""]) => value);
    const [, spki, pin, host = "", nonce = "", name = "", sig, otherPin, number] = quoted;
    const identity = await makeIdentity(pem);
    assert.equal(identity.spki, spki);
    assert.equal(identity.pin, pin);
    const proof = { spki: v.parse(PublicKey, spki), sig: v.parse(Signature, sig), name };
    assert.equal(provenPin(proof, [host], nonce), pin);
    assert.equal(provenPin(proof, [host], "another nonce"), undefined);
    const digits = await verificationNumber(identity.pin, v.parse(Pin, otherPin));
    assert.equal(digits.replace(/(\d{5})(?=\d)/g, "$1 "), number);
  });

  it("shows only messages that have their form", () => {
    // An ellipsis stands for fields that the reader has seen before, or for a text that may change.
    const whole = /([→←])(?: bobby| anna)? +(\{"type":[^…\n`]*\})/g;
    for (const [part, schemas] of [
      [rendezvous, { "→": ClientMessage, "←": ServerMessage }],
      [peerLink, { "→": PeerMessage, "←": PeerMessage }],
    ] as const) {
      const shown = new Set<string>();
      for (const [, arrow, json = ""] of part.slice(part.indexOf("### Examples")).matchAll(whole)) {
        const decoded = decode(arrow === "→" ? schemas["→"] : schemas["←"], json);
        // What is shown in order to be refused is answered in the next line.
        if (!decoded.ok) {
          assert.ok(part.slice(part.indexOf(json)).split("\n")[1]?.includes(`"${decoded.error.code}"`), json);
          continue;
        }
        assert.equal(JSON.stringify(decoded.value), json);
        shown.add(decoded.value.type);
      }
      const types = [...schemas["→"].options, ...schemas["←"].options].map(
        ({ entries }) => entries.type.literal,
      );
      assert.deepEqual([...shown].sort(), [...new Set(types)].sort(), "each message is shown");
    }
  });
});
