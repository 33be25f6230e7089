// Invite links: what they name, and what is no invitation.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { inviteLink, readInviteLink } from "../../../extension/host/joining/inviteLink.ts";

const ID = "fork-chat.fork-chat";
const read = (link: string): ReturnType<typeof readInviteLink> => readInviteLink(vscode.Uri.parse(link));

describe("An invite link", () => {
  for (const server of [
    "ws://192.168.1.5:43210",
    "wss://chat.example.org",
    "ws://[fd00::1]:43210",
    "ws://chat.example.org/chat",
    "wss://example.org:8443/team/fork-chat_2/",
  ]) {
    it(`opens ${server}, however VS Code encodes it`, () => {
      const link = inviteLink(ID, server);
      assert.ok(link.startsWith(`${vscode.env.uriScheme}://${ID}/join?`));
      assert.deepEqual(read(link), { ok: true, value: server });
    });
  }

  for (const [what, query] of [
    ["another protocol", "server=https%3A%2F%2Fexample.org"],
    ["a command", "server=command%3Aworkbench.action.quit"],
    ["credentials in it", "server=ws%3A%2F%2Fanna%3Asecret%40example.org"],
    ["a query in it", "server=ws%3A%2F%2Fexample.org%2F%3Ftoken%3Dsecret"],
    ["a sentence as its path", "server=wss%3A%2F%2Fexample.org%2F.%20Checked%20by%20IT"],
    ["escapes in its path", "server=wss%3A%2F%2Fexample.org%2Fa%2520b"],
    ["letters of other scripts in its path", "server=wss%3A%2F%2Fexample.org%2F%D1%81hat"],
    ["an empty step in its path", "server=wss%3A%2F%2Fexample.org%2F%2Fchat.example.com"],
    ["a place for a user in its path", "server=wss%3A%2F%2Fexample.org%2F%40chat.example.com"],
    ["another host behind a backslash", "server=ws%3A%2F%2Fexample.org%5C%40chat.example.com%3A443"],
    ["no server", "name=anna"],
    ["far too much", `server=${"x".repeat(5000)}`],
  ] as const) {
    it(`with ${what} is rejected`, () => {
      assert.equal(read(`vscode://${ID}/join?${query}`).ok, false);
    });
  }

  it("shows a host as it is dialed, not as it looks", () => {
    const found = read(`vscode://${ID}/join?server=wss%3A%2F%2Fex%D0%B0mple.org`);
    assert.deepEqual(found, { ok: true, value: "wss://xn--exmple-4nf.org" });
  });

  it("names one server the same way in any spelling", () => {
    for (const server of ["WS%3A%2F%2FLOCALHOST.%3A43210%2F", "ws%3A%2F%2Flocalhost%3A043210"]) {
      assert.deepEqual(read(`vscode://${ID}/join?server=${server}`), {
        ok: true,
        value: "ws://localhost:43210",
      });
    }
  });

  it("with another path is rejected", () => {
    assert.equal(read(`vscode://${ID}/quit?server=ws%3A%2F%2Fexample.org`).ok, false);
  });
});
