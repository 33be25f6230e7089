// “Chat: Diagnose Connection”: what was tried, at which address, with which result, and what may help.
import assert from "node:assert/strict";
import { diagnosis } from "../../../../extension/core/view/diagnosis.ts";
import type { Way } from "../../../../extension/core/model/ports.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { limits } from "../../../../protocol/limits.ts";
import {
  after,
  answers,
  blank,
  close,
  fires,
  frame,
  introduce,
  join,
  NOW,
  notReached,
  online,
  open,
  pin,
  reaches,
  settings,
  sid,
  TOKEN,
  type,
  unlinked,
} from "../../../support/core.ts";

const near = { host: "192.168.1.20", port: 40_001 };
const far = { host: "2001:db8::7", port: 40_002 };
const NEAR = "nothing is listening at 192.168.1.20:40001";
const FAR = "[2001:db8::7]:40002 isn't responding";
const card = { addresses: [near, far] };
const noneLeads: readonly Way[] = [
  { address: near, failure: NEAR },
  { address: far, failure: FAR },
];
const forked = after(
  online,
  type("\\fork bobby"),
  introduce("w.1", "bobby", "bobby", { peer: { name: "bobby", pin: pin("bobby"), card }, ticket: TOKEN }),
);

/** The lines about the only private session, without their marks and with brackets as they are shown. */
function lines(state: State): string[] {
  const [, text = ""] = diagnosis(state, NOW).split("### 1 bobby");
  return text.split("\n").map((line) => line.replace(/^ *- /u, "").replace(/\\([[\]])/gu, "$1"));
}

function says(state: State, ...expected: readonly string[]): void {
  const all = lines(state);
  for (const line of expected) assert.ok(all.includes(line), `${line}\nis not in\n${all.join("\n")}`);
}

describe("the diagnosis of a window that has not joined", () => {
  it("says why the last attempt failed, until the next one", () => {
    const notJoined = "You haven't joined yet. Run **Chat: Join as…**.";
    assert.ok(diagnosis(blank, NOW).includes(notJoined));
    const refused = after(
      blank,
      join("anna"),
      close({ kind: "unreachable", text: "nothing is listening there" }),
    );
    const told = "nothing is listening there.";
    for (const text of [notJoined, told]) {
      assert.ok(diagnosis(refused, NOW).includes(text), text);
    }
    assert.ok(!diagnosis(after(refused, join("anna"), open()), NOW).includes(told));
  });
});

describe("the diagnosis of the server", () => {
  for (const [server, line] of [
    ["wss://chat.example", "Connected over TLS."],
    ["ws://127.0.0.1:43210", "The server runs on this machine."],
    [
      "ws://192.168.1.5:43210",
      "Connected without TLS: anyone on the network between you and the server can read the lobby.",
    ],
  ] as const)
    it(`says who can read along on the way to ${server}`, () => {
      const me = { ...(online.me ?? assert.fail()), server };
      const text = diagnosis({ ...online, me }, NOW);
      assert.ok(text.includes(`- ${line}\n`), text);
    });
});

describe("the diagnosis of a private session", () => {
  const relayed = after(
    forked,
    reaches("bobby", "relayed", [...noneLeads, { address: null, failure: null }]),
    answers("bobby"),
  );

  it("over the relay says why each direct address failed", () => {
    says(relayed, "Direct connections were tried without success:", NEAR, FAR);
    assert.ok(!lines(relayed).some((line) => line.includes("relay answered")));
  });

  it("over the relay lists addresses that were not tried, and why", () => {
    const called = after(
      relayed,
      frame("bobby", { type: "addresses", items: [{ host: "10.0.0.9", port: 1 }] }),
    );
    says(called, "10.0.0.9:1 has not been tried yet");
    const hidden = after(relayed, settings({ connection: "relay" }));
    says(hidden, "No direct connection is attempted: the setting `forkchat.connection` is `relay`.");
    says(
      after(relayed, frame("bobby", { type: "addresses", items: [] })),
      "No address of the other window is known.",
    );
  });

  it("with a direct link says which address answered", () => {
    const ways = [
      { address: near, failure: NEAR },
      { address: far, failure: null },
    ];
    says(
      after(forked, reaches("bobby", "direct", ways), answers("bobby")),
      NEAR,
      "[2001:db8::7]:40002 answered",
    );
  });

  it("after a lost link says why, and mentions no failed attempts", () => {
    const lost = after(relayed, unlinked("bobby", "lost"));
    says(
      lost,
      "Not connected. Your messages wait until it reconnects.",
      "Last error: the connection was lost.",
    );
    assert.ok(!lines(lost).some((line) => line.includes("failed attempt")));
  });

  it("without a link gives the last result of each path, with the newest dial", () => {
    const gone = after(relayed, unlinked("bobby", "lost"));
    const [nearNow, relayNow] = [
      "192.168.1.20:40001 isn't responding",
      "the other window didn't connect to the server's relay",
    ];
    const dialled = after(gone, notReached("bobby", nearNow, [{ address: near, failure: nearNow }]));
    says(dialled, "1 failed attempt.", "Connection attempts and their last results:", nearNow, FAR);
    const again = after(
      dialled,
      fires(`redial:${sid("bobby")}`),
      notReached("bobby", `${FAR}; ${relayNow}`, [
        { address: far, failure: FAR },
        { address: null, failure: relayNow },
      ]),
    );
    says(again, "2 failed attempts.", nearNow, FAR, relayNow);
    assert.ok(!lines(again).some((line) => line.startsWith("Last error")), "said twice");
  });

  it("keeps no more paths than a card has addresses, plus the relay", () => {
    const ways = Array.from({ length: 100 }, (_, n) => ({
      address: { host: "10.0.0.1", port: n + 1 },
      failure: "no",
    }));
    const [channel] = after(forked, notReached("bobby", "no", ways)).channels;
    assert.equal(channel?.ways.length, limits.addresses + 1);
    assert.deepEqual(channel.ways.at(-1), ways.at(-1));
  });
});
