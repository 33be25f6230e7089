// Pictures in conversations that the user has sent.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { offerText } from "../../../../protocol/fileText.ts";
import { conversationOf } from "../../../../extension/core/saved/history.ts";
import { confirm, type, type Step, unlinked, withBobby } from "../../../support/core.ts";
import { fileId } from "../../../support/fileIds.ts";
import { partOf, PictureChat } from "../../../support/pictureChat.ts";

/** Discards the message that was not sent. */
const discard: Step = ({ sessions: [, session] }) =>
  session?.pending.map(({ id }) => ({ type: "user/discard", session: session.number, id })) ?? [];

describe("pictures in conversations", () => {
  const chat = new PictureChat();
  const { go, bobby, keptOf, last, start, picture } = chat;

  describe("of the user", () => {
    const say: Step = () => {
      const [text, part] = [offerText(partOf(1)), partOf(1)];
      return [{ type: "user/say", request: 1, session: bobby().number, text, part }];
    };
    const folder = () =>
      chat.kept.folderOf(conversationOf(chat.state.me ?? assert.fail(), bobby()), fileId(1), true);

    it("are shown once their message is there", async () => {
      go(say);
      await chat.pictures.offered(bobby().sid, partOf(1), await picture());
      assert.equal(keptOf(last()), undefined);
      go(confirm("bobby", 1));
      await chat.pictures.settled();
      assert.deepEqual(keptOf(last())?.picture, { width: 30, height: 20 });
    });

    it("are shown if their message was there before them", async () => {
      go(say, confirm("bobby", 1));
      await chat.pictures.offered(bobby().sid, partOf(1), await picture());
      assert.deepEqual(keptOf(last())?.picture, { width: 30, height: 20 });
    });

    it("are shown if the window was reloaded before their message was there", async () => {
      go(say);
      await chat.pictures.offered(bobby().sid, partOf(1), await picture());
      chat.pictures.dispose();
      start();
      go(confirm("bobby", 1));
      await chat.pictures.settled();
      assert.deepEqual(keptOf(last())?.picture, { width: 30, height: 20 });
    });

    it("go with a message that was not sent: discarded, or left with its session", async () => {
      for (const over of [
        [unlinked("bobby", "left"), discard],
        [type("\\leave", 1), type("\\leave", 1)],
      ]) {
        chat.state = withBobby;
        go(say);
        const place = folder();
        await chat.pictures.offered(bobby().sid, partOf(1), await picture());
        assert.ok(existsSync(place));
        go(...over);
        await chat.pictures.settled();
        assert.equal(existsSync(place), false);
      }
    });

    it("are not kept if their message is gone before they are copied", async () => {
      go(say);
      const place = folder();
      const { sid } = bobby();
      go(unlinked("bobby", "left"), discard);
      await chat.pictures.offered(sid, partOf(1), await picture());
      assert.equal(existsSync(place), false);
    });
  });
});
