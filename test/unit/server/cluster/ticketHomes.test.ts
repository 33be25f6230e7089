// Where a relay ticket is good.
import assert from "node:assert/strict";
import { TicketHomes } from "../../../../server/cluster/ticketHomes.ts";

describe("the home of a relay ticket", () => {
  const homes = new TicketHomes(Buffer.alloc(32, 1));

  it("is known to all servers with the same key", () => {
    for (const life of [1, 35, 36, 2 ** 21 - 1]) {
      assert.equal(new TicketHomes(Buffer.alloc(32, 1)).homeOf(homes.issue(life)), life);
    }
    assert.notEqual(homes.issue(7), homes.issue(7));
  });

  it("is none for anything that no server has issued", () => {
    const ticket = homes.issue(7);
    const others = [new TicketHomes(Buffer.alloc(32, 2)).issue(7), ticket.slice(0, -1), `${ticket}A`, ""];
    for (const at of [0, 4, 5, 26, 27, ticket.length - 1]) {
      others.push(`${ticket.slice(0, at)}${ticket[at] === "z" ? "y" : "z"}${ticket.slice(at + 1)}`);
    }
    for (const other of others) assert.equal(homes.homeOf(other), undefined, other);
  });
});
