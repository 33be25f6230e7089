import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { decode } from "../../protocol/codec.ts";
import { errorTexts, upgradeStatus } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";

const document = readFileSync(new URL("../../docs/PROTOCOL.md", import.meta.url), "utf8");
const rendezvous = document.slice(document.indexOf("\n## Rendezvous"), document.indexOf("\n## Peer link"));

describe("the protocol's document", () => {
  it("describes each message of the rendezvous wire with all its fields", () => {
    for (const [heading, schema] of [
      ["### Messages from the client", ClientMessage],
      ["### Messages from the server", ServerMessage],
    ] as const) {
      const section = rendezvous.slice(rendezvous.indexOf(heading)).split("\n### ", 2).join("");
      for (const option of schema.options) {
        const type = option.entries.type.literal;
        const row = section.split("\n").find((line) => line.startsWith(`| \`${type}\``));
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
    assert.ok(document.includes(`| ${String(ofPeers)} `));
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
    const examples = rendezvous.slice(rendezvous.indexOf("### Examples"));
    // An ellipsis stands for fields that the reader has seen before.
    const whole = [...examples.matchAll(/([→←]) (\{"type":[^…\n`]*\})/g)];
    assert.ok(whole.length > 20);
    for (const [, arrow, json = ""] of whole) {
      const decoded = arrow === "→" ? decode(ClientMessage, json) : decode(ServerMessage, json);
      assert.ok(decoded.ok, json);
      assert.equal(JSON.stringify(decoded.value), json);
    }
  });
});
