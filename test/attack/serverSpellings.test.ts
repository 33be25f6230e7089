// One server under many spellings of its URL: no spelling comes without the keys, the blocks and the certificate that are known
// there, and no other server gets them.
import assert from "node:assert/strict";
import { readServerUrl } from "../../extension/core/model/serverAddress.ts";
import { PeopleBook } from "../../extension/host/trust/peopleBook.ts";

import { after, invite, online, pin, said } from "../support/core.ts";
import { mapMemory } from "../support/mapMemory.ts";

const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  "ws://127.0.0.1:43210": [
    ...["ws://LOCALHOST:43210", "WS://localhost.:43210/", "ws://%6cocalhost:43210", "ws://ｌocalhost:43210"],
    ...["ws://127.1:43210", "ws://0x7f.1:43210", "ws://0x7F000001:43210", "ws://017700000001:43210"],
    ...["ws://2130706433:43210", "ws://127.0.0.1.:43210", "ws://[::1]:43210", "ws://[0:0::0001]:43210"],
    ...["ws://[::ffff:127.0.0.1]:43210", "ws://0.0.0.0:43210", "ws://[::]:43210", "ws://0:43210"],
    ...[
      "ws:localhost:43210",
      "ws:\\\\localhost:43210\\",
      "ws://localhost:0043210//",
      "ws:////localhost:43210",
    ],
    ...[
      "ws://localhost:43210/?",
      "ws://localhost:43210/#",
      "ws://localhost:43210/a/..",
      "ws://localhost:43210/%2e/",
    ],
  ],
  "ws://chat.example": [
    "ws://chat.example:80",
    "ws://CHAT.example.:080/",
    "ws://chat。example",
    "ws:/chat.example",
  ],
  "wss://chat.example/Room": [
    ...["wss://chat.example:443/Room/", "wss://chat.example/x/../Room", "wss://chat.example/%52oom//"],
    ...["wss://chat.example/./R%6Fom", "wss:\\\\chat.example\\Room", "wss://chat.example./x/%2E%2e/Room"],
  ],
  "wss://xn--bcher-kva.example": [
    "wss://bücher.example",
    "wss://BÜCHER.example:443",
    "wss://b%C3%BCcher.example/",
  ],
};
const OTHERS = [
  ...["wss://127.0.0.1:43210", "ws://127.0.0.1:43211", "ws://127.0.0.2:43210", "ws://127.0.0.1:43210/room"],
  ...["ws://127.0.0.1", "ws://localhost.example:43210", "ws://[::2]:43210", "ws://127.0.0.1:43210/?a"],
  ...["wss://chat.example", "ws://chat.example:443", "ws://chat.example/Room", "ws://chat.example.org"],
  ...[
    "wss://chat.example/room",
    "wss://chat.example/Room%2F",
    "wss://chat.example/Room?a=b",
    "wss://chat.example:80/Room",
  ],
  ...["wss://bucher.example", "wss://xn--bcher-kva.example.org", "wss://bücher.example:80"],
];
const REFUSED = [
  ...[
    "ws://127.0.0.1:43210@evil.example",
    "ws://localhost@127.0.0.1:43210",
    "wss://user:word@chat.example/Room",
  ],
  ...["ws://127.0.0.1:43210#x", "ws://local host:43210", "ws://local\thost:43210", "ws://127.0.0.1:99999"],
  ...[
    "ws://127.0.0.1:0",
    "ws://chat.example..",
    "ws://256.0.0.1:43210",
    "ws://[::1%25lo]:43210",
    "http://chat.example",
  ],
  ...["ws://chat%2eexample%2f.org", "ws://", "ws://%00localhost:43210", "ws://chat.example:8o"],
];

describe("a server whose URL is spelled differently", () => {
  let values: Map<string, unknown>;
  const memory = mapMemory(() => values);
  const person = (name: string, blocked: boolean) => ({
    ...{ name, pin: pin(name), verified: !blocked, blocked, at: 1 },
  });
  beforeEach(() => (values = new Map()));

  for (const [server, spellings] of Object.entries(SPELLINGS)) {
    for (const [written, read] of spellings.flatMap((spelling) => [
      [server, spelling],
      [spelling, server],
    ]) as (readonly [string, string])[]) {
      it(`keeps keys and blocks from ${written} to ${read}`, async () => {
        const book = new PeopleBook(memory);
        book.remember(written, person("eve", true));
        book.remember(written, person("carmen", false));
        await book.trustCertificate(written, "AA:BB");
        const people = book.at(read);
        assert.deepEqual(people, [person("eve", true), person("carmen", false)]);
        assert.equal(book.certificate(read), "AA:BB");
        const state = after(
          online,
          { type: "people/loaded", people },
          invite("mallory", "m", pin("eve")),
          said(1, "eve", "hi"),
        );
        assert.deepEqual([state.invites, state.channels], [[], []]);
        for (const other of OTHERS) {
          assert.deepEqual(book.at(other), other === written ? people : [], other);
          assert.equal(book.certificate(other), undefined, other);
        }
      });
    }
  }

  it("is read the same way no matter how often it was read before", () => {
    for (let i = 0; i < 20_000; i++) assert.ok(readServerUrl("wss://bücher.example").ok, String(i));
  });

  for (const raw of REFUSED) {
    it(`is rejected if it could point elsewhere: ${JSON.stringify(raw)}`, () => {
      assert.equal(readServerUrl(raw).ok, false);
    });
  }
});
