// Windows of this version and of the one before messages had parts, at a server of either version: every message is read by
// both, whoever wrote it, and no connection is lost.
import assert from "node:assert/strict";
import { LOBBY } from "../../extension/core/model/session.ts";
import { createNetwork } from "../../extension/net/network.ts";
import type { SessionNumber } from "../../protocol/webview.ts";
import { NetworkBefore } from "../support/beforeParts.ts";
import { place, react, retract, say } from "../support/changes.ts";
import { Client } from "../support/client.ts";
import { somePart } from "../support/sampleValues.ts";
import { ServerProcess } from "../support/serverProcess.ts";

const attachment = { part: { ...somePart, at: 0 }, heading: "", code: "a\nb" };
const LINES = "src/a.ts:12-13\n```typescript\na\nb\n```";
const [CARD, EDITED] = [`look\n\n${LINES}`, `look again\n\n${LINES}`];

type Version = "this version" | "the one before";
type Window = { readonly client: Client; readonly network: NetworkBefore | null; readonly version: Version };

/** A window as its own version makes it, at a server of a version. */
function open(version: Version, server: Version): Window {
  const is = version === "the one before" ? "window" : server === "the one before" ? "server" : null;
  const network = is === null ? null : new NetworkBefore(createNetwork, is);
  return { client: new Client(network === null ? {} : { network: network.create }), network, version };
}

/** Lines of code as a window of this version sends them. One of the version before sends what is typed. */
async function sendCard({ client, version }: Window, session: SessionNumber): Promise<void> {
  if (version === "this version") client.store.dispatch({ type: "user/attach", session, attachment });
  const attached = client.state.sessions.find(({ number }) => number === session)?.attached?.id;
  const outcome = await client.store.request((request) => ({
    ...{ type: "user/submit", request, session },
    ...(attached === undefined ? { text: CARD } : { text: "look", attached }),
  }));
  assert.ok(outcome.ok);
}

async function replyToLine(client: Client, name: string, text: string): Promise<void> {
  const { session, index } = place(client, name, CARD);
  const outcome = await client.store.request((request) => ({
    ...{ type: "user/submit", request, session, text, about: { kind: "reply", index } },
    part: { kind: "note", line: 2 },
  }));
  assert.ok(outcome.ok);
}

/** What is seen of the messages, without what they answer. */
const seen = (client: Client, session: string): string[] =>
  client.entries(session).flatMap((entry) => {
    if (entry.kind !== "message") return [];
    const text = entry.retracted === true ? "(gone)" : entry.text;
    const reactions = (entry.reactions ?? []).map(({ text: emoji }) => emoji).join("");
    const answers = entry.reply === undefined ? "" : ` > ${entry.reply.index === undefined ? "?" : "card"}`;
    return [`${entry.from}: ${text}${answers}${entry.edited === true ? "*" : ""}${reactions}`];
  });

const partOf = (client: Client, session: string): string | undefined =>
  client.entries(session).flatMap((entry) => (entry.kind === "message" ? [entry.part?.kind] : []))[0];

const versions = ["this version", "the one before"] as const;
const cases = versions.flatMap((server) =>
  versions.flatMap((author) => versions.map((reader) => ({ server, author, reader }))),
);

for (const { server: serverVersion, author, reader } of cases) {
  const all = [serverVersion, author, reader];
  if (new Set(all).size === 1) continue;
  describe(`an author of ${author}, a reader of ${reader}, and a server of ${serverVersion}`, () => {
    let server: ServerProcess;
    let anna: Window;
    let bobby: Window;

    before(async () => {
      server = await ServerProcess.start();
      anna = open(author, serverVersion);
      bobby = open(reader, serverVersion);
      await anna.client.join("anna", server.url);
      await bobby.client.join("bobby", server.url);
      await anna.client.until("both", (state) => state.users.length === 2);
    });

    after(async () => {
      await Promise.all([anna.client.close(), bobby.client.close()]);
      await server.stop();
    });

    /** A card, and everything that can be done with a message. */
    async function talk(names: { bobby: string; anna: string }): Promise<void> {
      const [mine, theirs] = [anna.client, bobby.client];
      const both = async (...lines: readonly string[]): Promise<void> => {
        for (const [client, name] of [
          [mine, names.bobby],
          [theirs, names.anna],
        ] as const)
          await client.until(lines.join(" | "), () => seen(client, name).join("|") === lines.join("|"));
      };
      await sendCard(anna, mine.peer(names.bobby)?.number ?? LOBBY);
      await both(`anna: ${CARD}`);
      await say(theirs, names.anna, "because", "reply", CARD);
      await both(`anna: ${CARD}`, "bobby: because > card");
      await replyToLine(mine, names.bobby, "this line");
      await both(`anna: ${CARD}`, "bobby: because > card", "anna: this line > card");
      react(theirs, names.anna, CARD, "👍");
      await both(`anna: ${CARD}👍`, "bobby: because > card", "anna: this line > card");
      await say(mine, names.bobby, author === "this version" ? "look again" : EDITED, "edit", CARD);
      await both(`anna: ${EDITED}*👍`, "bobby: because > card", "anna: this line > card");
      retract(theirs, names.anna, "because");
      await both(`anna: ${EDITED}*👍`, "bobby: (gone)", "anna: this line > card");
    }

    it("talk about lines of code in the lobby", async () => {
      await talk({ anna: "lobby", bobby: "lobby" });
      const isCard = all.every((version) => version === "this version");
      assert.equal(partOf(bobby.client, "lobby"), isCard ? "code" : undefined);
      retract(anna.client, "lobby", EDITED);
      await bobby.client.until(
        "nothing left",
        () => seen(bobby.client, "lobby")[0]?.startsWith("anna: (gone)") === true,
      );
    });

    it("talk about lines of code in a private session, and stay connected", async () => {
      assert.ok((await anna.client.run("\\fork bobby")).ok);
      await bobby.client.until("the session", () => bobby.client.peer("anna")?.link === "open");
      await talk({ anna: "anna", bobby: "bobby" });
      assert.equal(
        partOf(bobby.client, "anna"),
        author === reader && author === "this version" ? "code" : undefined,
      );
      const where = await anna.client.run("\\where bobby");
      assert.equal(where.ok, author === "this version" && reader === "this version");
      retract(anna.client, "bobby", EDITED);
      await bobby.client.until(
        "nothing left",
        () => seen(bobby.client, "anna")[0]?.startsWith("anna: (gone)") === true,
      );
      assert.deepEqual([anna.client.peer("bobby")?.link, bobby.client.peer("anna")?.link], ["open", "open"]);
    });

    it("send the version before nothing that it does not know, but what windows and servers can and parts of the lobby", () => {
      for (const { network } of [anna, bobby]) {
        if (network === null) continue;
        assert.deepEqual(network.refused, []);
        const known = ["hello.can", "challenge.can", "said.part"];
        assert.deepEqual(
          [...network.unknown].filter((each) => !known.includes(each)),
          [],
        );
      }
    });
  });
}
