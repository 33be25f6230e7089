// Up in an empty composer, with a message on its way: it edits that very message once it has its number.
import assert from "node:assert/strict";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import { after, look, messageId, NOW, tell, withBoth } from "../../../support/core.ts";
import { PageAndHost } from "../../../support/pageAndHost.ts";

const BOBBY = sessionNumber(1);

describe("Up after a message in flight", () => {
  let window: PageAndHost;
  let seq = 0;
  const acknowledge = async (): Promise<void> => {
    const [id = ""] = window.host.state.sessions[0].pending.map((message) => message.id);
    seq += 1;
    window.happens(tell({ type: "ack", id: messageId(id), seq, at: NOW }));
    await window.settle();
  };
  const edited = () => window.page.composer.about(LOBBY);

  beforeEach(async () => {
    window = await new PageAndHost(after(withBoth, look(0))).settle();
    seq = 0;
    window.send(LOBBY, "former");
    await window.settle();
    await acknowledge();
    window.send(LOBBY, "newest");
  });

  it("edits it as soon as possible, and never the one before it", async () => {
    assert.equal(window.page.editLast(LOBBY), true);
    assert.equal(edited(), undefined);
    await window.settle();
    assert.equal(window.host.state.sessions[0].pending.length, 1);
    assert.equal(edited(), undefined);
    await acknowledge();
    const about = edited();
    assert.equal(about?.kind === "edit" ? about.former : null, "newest");
  });

  it("waits the same way between the host's and the server's confirmation", async () => {
    await window.settle();
    assert.equal(window.page.editLast(LOBBY), true);
    assert.equal(edited(), undefined);
    await acknowledge();
    assert.equal(edited()?.kind, "edit");
  });

  it("also waits for lines held behind a command", async () => {
    await window.settle();
    await acknowledge();
    window.send(LOBBY, "\\users").send(LOBBY, "held");
    assert.equal(window.page.editLast(LOBBY), true);
    await window.settle();
    await acknowledge();
    const about = edited();
    assert.equal(about?.kind === "edit" ? about.former : null, "held");
  });

  it("is canceled by anything else the user does", async () => {
    const goOn = [
      () => window.page.dropEditWish(),
      () => void window.write(LOBBY, "more"),
      () => window.happens({ type: "user/activate", session: BOBBY }),
    ];
    for (const next of goOn) {
      window.page.editLast(LOBBY);
      await window.settle();
      next();
      await window.settle();
      await acknowledge();
      assert.equal(edited(), undefined);
      window.happens({ type: "user/activate", session: LOBBY });
      window.write(LOBBY, "").send(LOBBY, "another");
    }
  });

  it("is answered at once when there is nothing to edit", async () => {
    const empty = await new PageAndHost(after(withBoth, look(0))).settle();
    assert.equal(empty.page.editLast(LOBBY), false);
  });
});
