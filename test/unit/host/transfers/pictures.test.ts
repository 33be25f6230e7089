// Pictures in conversations: which messages get them, and when they are deleted.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { Conversation } from "../../../../extension/core/model/conversation.ts";
import { conversationOf } from "../../../../extension/core/saved/history.ts";
import { frame, NOW } from "../../../support/core.ts";
import { fileId } from "../../../support/fileIds.ts";
import { offers, partOf, PictureChat } from "../../../support/pictureChat.ts";

describe("pictures in conversations", () => {
  const chat = new PictureChat();
  const { go, bobby, keptOf, last, start, picture } = chat;

  it("that the user has saved are shown from a copy", async () => {
    go(offers("bobby", partOf(1)));
    await chat.pictures.delivered(bobby().sid, partOf(1), await picture());
    const found = keptOf(last()) ?? assert.fail();
    assert.deepEqual(found.picture, { width: 30, height: 20 });
    assert.equal(found.unsaved, undefined);
    assert.ok(existsSync(chat.kept.pathOf(found)));
  });

  it("are no other files", async () => {
    go(offers("bobby", partOf(1)));
    await chat.pictures.delivered(bobby().sid, partOf(1), import.meta.filename);
    assert.equal(keptOf(last()), undefined);
  });

  it("go with their message when it is retracted or becomes another", async () => {
    for (const [seq, about] of [
      [1, { kind: "retract", seq: 1 }],
      [3, { kind: "edit", seq: 3 }],
    ] as const) {
      go(offers("bobby", partOf(seq), seq));
      await chat.pictures.delivered(bobby().sid, partOf(seq), await picture());
      const found = keptOf(last()) ?? assert.fail();
      go(frame("bobby", { type: "message", seq: seq + 1, at: NOW, text: "x", about }));
      assert.equal(keptOf(last()), undefined);
      await chat.pictures.settled();
      assert.equal(existsSync(chat.kept.pathOf(found)), false);
    }
  });

  it("whose message is gone by then are not kept", async () => {
    go(offers("bobby", partOf(1)));
    const { sid } = bobby();
    go({ type: "history/cleared", session: bobby().number });
    await chat.pictures.delivered(sid, partOf(1), await picture());
    await chat.pictures.settled();
    const me = chat.state.me ?? assert.fail();
    assert.equal(existsSync(chat.kept.folderOf(conversationOf(me, bobby()), fileId(1), false)), false);
  });

  it("go with the cleared conversation, unless another window shows it", async () => {
    go(offers("bobby", partOf(1)));
    await chat.pictures.delivered(bobby().sid, partOf(1), await picture());
    const found = keptOf(last()) ?? assert.fail();
    const conversation = conversationOf(chat.state.me ?? assert.fail(), bobby());
    const isThereAfter = async (clearing: Conversation | null): Promise<boolean> => {
      chat.pictures.forget(clearing);
      await chat.pictures.settled();
      return existsSync(chat.kept.pathOf(found));
    };
    chat.elsewhere = [conversation];
    assert.deepEqual([await isThereAfter(conversation), await isThereAfter(null)], [true, true]);
    chat.elsewhere = [{ ...conversation, identity: "other" }];
    assert.equal(await isThereAfter(conversation), false);
  });

  it("of earlier windows are deleted at the start if nothing is to be saved, except what other windows show", async () => {
    go(offers("bobby", partOf(1)));
    await chat.pictures.delivered(bobby().sid, partOf(1), await picture());
    const found = keptOf(last()) ?? assert.fail();
    chat.settings = { ...chat.settings, days: 0 };
    chat.pictures.dispose();
    chat.elsewhere = [conversationOf(chat.state.me ?? assert.fail(), bobby())];
    start();
    await chat.pictures.settled();
    assert.equal(existsSync(chat.kept.pathOf(found)), true);
    chat.pictures.dispose();
    chat.elsewhere = [];
    start();
    await chat.pictures.settled();
    assert.equal(existsSync(chat.kept.pathOf(found)), false);
  });
});
