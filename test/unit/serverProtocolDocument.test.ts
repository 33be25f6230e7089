import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { decode } from "../../protocol/codec.ts";
import { closeCodes, errorTexts, upgradeStatus } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import { PeerMessage } from "../../protocol/peer.ts";
import { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";

const document = readFileSync(new URL("../../docs/PROTOCOL.md", import.meta.url), "utf8");
const rendezvous = document.slice(document.indexOf("\n## Rendezvous"), document.indexOf("\n## Peer link"));
const peerLink = document.slice(document.indexOf("\n## Peer link"));

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
    const { token: ofPeers, ...statuses } = upgradeStatus;
    for (const status of Object.values(statuses))
      assert.ok(rendezvous.includes(`| ${String(status)} `), String(status));
    assert.ok(peerLink.includes(`| ${String(ofPeers)} `));
  });

  it("names each code that a connection is closed with", () => {
    const closing = section(rendezvous, "### Closing");
    for (const code of Object.values(closeCodes)) {
      assert.ok(closing.includes(`| ${String(code)} |`), String(code));
    }
    const { binary, tooBig, handshakeTimeout, silent, protocol } = closeCodes;
    const broken = section(peerLink, "### What breaks the protocol");
    for (const code of [binary, tooBig, handshakeTimeout, silent, protocol]) {
      assert.ok(broken.includes(` ${String(code)} `), String(code));
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
    const { handshakeMs, heartbeatMs, silenceMs, introductionMs } = limits;
    for (const limit of [
      ...[frameBytes, serverFrameBytes, textBytes, backlogBytes, historyBytes, clients, clientsPerAddress],
      ...[handshakeMs, heartbeatMs, silenceMs, introductionMs],
    ]) {
      assert.ok(document.includes(limit.toLocaleString("en-US")), String(limit));
    }
    for (const text of [
      `last ${String(limits.historyMessages)} messages`,
      `have ${String(limits.pendingForks)} forks`,
    ]) {
      assert.ok(rendezvous.includes(text), text);
    }
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
