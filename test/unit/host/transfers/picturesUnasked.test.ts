// Pictures in conversations that come without asking: from whom, how many, and what is done with them.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { Entry, type KeptFile } from "../../../../protocol/webview.ts";
import { entryAt } from "../../../../extension/core/model/transcript.ts";
import { copyInto } from "../../../../extension/host/transfers/delivery.ts";
import { after, confirm, invite, linked, online } from "../../../support/core.ts";
import { offers, partOf, PictureChat } from "../../../support/pictureChat.ts";

describe("pictures in conversations", () => {
  const chat = new PictureChat();
  const { go, bobby, keptOf, last, picture } = chat;

  describe("come without asking", () => {
    const folder = (part = partOf(1)) => chat.pictures.unaskedFolder(bobby().sid, part);

    it("from someone with whom the user has opened the session, as small pictures", () => {
      assert.ok(folder()?.startsWith(chat.kept.folder));
      assert.equal(folder(partOf(1, "a.png", 1024 * 1024 + 1)), null);
      assert.equal(folder(partOf(1, "a.svg")), null);
      assert.equal(folder(partOf(1, ".png")), null);
    });

    it("not if the user does not want that", () => {
      chat.settings = { ...chat.settings, autoAcceptPictures: false };
      assert.equal(folder(), null);
    });

    it("at a rate that a person needs; the others wait for an answer", () => {
      const taken = (): number =>
        Array.from({ length: 100 }, (_, n) => folder(partOf(n))).filter(Boolean).length;
      assert.equal(taken(), 64);
      chat.now = 600_000;
      assert.equal(taken(), 10);
    });

    it("not from a stranger who opens a session, until the user has said something", () => {
      chat.state = after(online, invite("bobby"), linked("bobby"));
      assert.equal(folder(), null);
      const text = "hello";
      go({ type: "user/say", request: 1, session: bobby().number, text }, confirm("bobby", 1));
      assert.ok(folder() !== null);
    });

    it("from a verified stranger, and not from someone who is blocked or has another key", () => {
      chat.state = after(online, invite("bobby"), linked("bobby"));
      const change = (what: object): void => {
        chat.state = { ...chat.state, people: chat.state.people.map((person) => ({ ...person, ...what })) };
      };
      change({ verified: true });
      assert.ok(folder() !== null);
      change({ blocked: true });
      assert.equal(folder(), null);
      chat.state = { ...chat.state, people: [] };
      assert.equal(folder(), null);
    });
  });

  it("that came without asking are shown from where they are, and can be saved once", async () => {
    const part = partOf(1);
    go(offers("bobby", part));
    const folder = chat.pictures.unaskedFolder(bobby().sid, part) ?? assert.fail();
    await chat.pictures.delivered(bobby().sid, part, await picture(folder, "a.png"));
    const found = keptOf(last()) ?? assert.fail();
    assert.equal(found.unsaved, true);
    const session = bobby();
    chat.pictures.saved(session, part, found);
    assert.deepEqual(keptOf(last()), { path: found.path, picture: found.picture });
  });

  for (const name of [" .png", "\u00a0.PNG", "\u200b.png", "CON.png", "a:b .png", `${"é".repeat(250)}.png`])
    it(`are shown only if their place is one that the page and the disk accept: ${JSON.stringify(name)}`, async () => {
      const part = partOf(1, name);
      go(offers("bobby", part));
      const folder = chat.pictures.unaskedFolder(bobby().sid, part);
      if (folder !== null) {
        await mkdir(folder, { recursive: true });
        await chat.pictures.delivered(bobby().sid, part, await copyInto(folder, name, await picture()));
        assert.ok(keptOf(last())?.unsaved);
      }
      assert.ok(v.is(Entry, entryAt(bobby().transcript, last())));
    });

  describe("that came without asking and are none", () => {
    const part = partOf(1);
    let found: KeptFile;
    beforeEach(async () => {
      go(offers("bobby", part));
      const folder = chat.pictures.unaskedFolder(bobby().sid, part) ?? assert.fail();
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "a.png"), "hello");
      await chat.pictures.delivered(bobby().sid, part, join(folder, "a.png"));
      found = keptOf(last()) ?? assert.fail();
      assert.deepEqual([found.picture, found.unsaved], [undefined, true]);
    });

    it("are deleted when the user declines them", async () => {
      chat.pictures.declined(bobby(), part, found);
      await chat.pictures.settled();
      assert.deepEqual(keptOf(last()), { path: found.path, declined: true });
      assert.equal(existsSync(chat.kept.pathOf(found)), false);
    });

    it("are deleted when the user has saved them", async () => {
      chat.pictures.saved(bobby(), part, found);
      await chat.pictures.settled();
      assert.equal(keptOf(last()), undefined);
      assert.equal(existsSync(chat.kept.pathOf(found)), false);
    });
  });

  it("that came without asking and would be huge are not shown", async () => {
    const part = partOf(1);
    go(offers("bobby", part));
    const folder = chat.pictures.unaskedFolder(bobby().sid, part) ?? assert.fail();
    const path = join(folder, "a.png");
    await mkdir(folder, { recursive: true });
    const header = Buffer.from(
      "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0\x08\x02\0\0\0....\0\0\0\0IDAT",
      "latin1",
    );
    header.writeUInt32BE(4_001, 16);
    header.writeUInt32BE(3_000, 20);
    await writeFile(path, header);
    await chat.pictures.delivered(bobby().sid, part, path);
    const { picture: size, unsaved } = keptOf(last()) ?? assert.fail();
    assert.deepEqual([size, unsaved], [undefined, true]);
  });
});
