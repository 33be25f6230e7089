// How a session finds its way to the peer: from the relay to a direct link, and to where the peer is now.
import { closeCodes } from "../../../../protocol/errors.ts";
import type { Address } from "../../../../protocol/fields.ts";
import {
  after,
  answers,
  calls,
  CARD,
  close,
  fires,
  introduce,
  joined,
  listening,
  online,
  open,
  OWN_CARD,
  pin,
  reaches,
  sid,
  tell,
  TOKEN,
  type,
  unlinked,
  withBobby,
} from "../../../support/core.ts";
import { specify } from "../../../support/coreChecks.ts";

/** anna's session with bobby, over the relay. */
const relayed = after(
  online,
  type("\\fork bobby"),
  introduce("w.1", "bobby", "bobby", { ticket: TOKEN }),
  reaches("bobby", "relayed"),
  answers("bobby"),
);
const looks = fires(`direct:${sid("bobby")}`);

const dialled = (link: string, addresses: readonly Address[]): readonly unknown[] => [
  "dial",
  link,
  { pin: pin("bobby"), addresses, relay: null },
];
const reach = (id: string, connection = 1): readonly unknown[] => [
  "send",
  connection,
  { type: "reach", id, sid: sid("bobby"), to: "bobby", pin: pin("bobby"), card: OWN_CARD },
];

describe("a relayed session", () => {
  specify([
    {
      description: "keeps the lower pin's dial when both dial at once, as without a link",
      given: after(relayed, looks, reaches("bobby")),
      events: [calls("bobby", { n: 2 })],
      expected: { effects: [["closeLink", "i-bobby", closeCodes.stale]] },
    },
    {
      description: "is redialed at once when it is cut off in the meantime, over the relay too",
      given: after(relayed, looks),
      events: [unlinked("bobby", "lost")],
      expected: {
        effects: [
          ["cancel", `direct:${sid("bobby")}`],
          ["closeLink", "d2", closeCodes.stale],
          reach("w.2"),
          dialled("d3", CARD.addresses),
        ],
      },
    },
  ]);
});

/** The link is gone, and bobby is dialled where he was. */
const lost = after(withBobby, unlinked("bobby", "lost"));
const elsewhere = { host: "192.168.1.99", port: 40_002 };
const bobbyIsAt = (...addresses: readonly Address[]) =>
  tell({
    type: "reach",
    sid: sid("bobby"),
    from: "bobby",
    pin: pin("bobby"),
    card: { addresses: [...addresses] },
  });

describe("a session whose peer cannot be reached", () => {
  specify([
    {
      description: "sends our address as soon as the server is back, while the dial is in progress",
      given: after(lost, close(), fires("reconnect"), open(2), listening),
      events: [tell(joined("anna"), 2)],
      expected: { effects: [["cancel", "grace"], reach("w.3", 2)] },
    },
    {
      description: "dials the peer's new address instead of the old one",
      given: lost,
      events: [bobbyIsAt(elsewhere)],
      expected: {
        effects: [["closeLink", "d2", closeCodes.stale], dialled("d3", [elsewhere, ...CARD.addresses])],
      },
    },
    {
      description: "keeps dialing when the peer has not moved",
      given: lost,
      events: [bobbyIsAt(...CARD.addresses)],
      expected: { effects: [] },
    },
  ]);
});
