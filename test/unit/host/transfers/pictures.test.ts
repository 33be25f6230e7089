// Pictures in conversations: from whom they come without asking, which messages get them, and when they are deleted.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import * as v from "valibot";
import { FilePart } from "../../../../protocol/bulk.ts";
import { offerText } from "../../../../protocol/fileText.ts";
import { Entry, type KeptFile } from "../../../../protocol/webview.ts";
import type { Conversation } from "../../../../extension/core/model/conversation.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { entryAt } from "../../../../extension/core/model/transcript.ts";
import { conversationOf } from "../../../../extension/core/saved/history.ts";
import { copyInto } from "../../../../extension/host/transfers/delivery.ts";
import { KeptFiles } from "../../../../extension/host/transfers/keptFiles.ts";
import { Pictures } from "../../../../extension/host/transfers/pictures.ts";
import {
  after,
  confirm,
  frame,
  invite,
  linked,
  NOW,
  online,
  type,
  type Step,
  unlinked,
  withBobby,
} from "../../../support/core.ts";
import { fileId } from "../../../support/fileIds.ts";

const partOf = (n: number, name = "a.png", size = 1_000): FilePart =>
  v.parse(FilePart, { kind: "file", id: fileId(n), name, size });
const offers = (from: string, part: FilePart, seq = 1): Step =>
  frame(from, { type: "message", seq, at: NOW, text: offerText(part), part });

/** Discards the message that was not sent. */
const discard: Step = ({ sessions: [, session] }) =>
  session?.pending.map(({ id }) => ({ type: "user/discard", session: session.number, id })) ?? [];

describe("pictures in conversations", () => {
  let root: string;
  let kept: KeptFiles;
  let state: State;
  let now = 0;
  let settings = { autoAcceptPictures: true, days: 30 };
  let elsewhere: Conversation[] = [];
  let pictures: Pictures;

  const go = (...steps: Step[]): void => {
    const before = state;
    state = after(state, ...steps);
    if (state !== before) pictures.watch(before, state);
  };
  const bobby = () => state.sessions[1] ?? assert.fail();
  const keptOf = (index: number): KeptFile | undefined => {
    const { transcript } = bobby();
    const entry = entryAt(transcript, index);
    return entry?.kind === "message" ? entry.kept : undefined;
  };
  const last = () => bobby().transcript.end - 1;
  const start = (): void => {
    pictures = new Pictures({
      store: {
        get state() {
          return state;
        },
        dispatch: (event) => go(event),
      },
      kept,
      settings: () => settings,
      conversationsElsewhere: () => elsewhere,
      now: () => now,
    });
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-pictures-"));
    kept = new KeptFiles(join(root, "kept"));
    [now, elsewhere] = [0, []];
    [state, settings] = [withBobby, { autoAcceptPictures: true, days: 30 }];
    start();
  });
  afterEach(() => {
    pictures.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  const picture = async (folder = root, name = "source.png"): Promise<string> => {
    await mkdir(folder, { recursive: true });
    const path = join(folder, name);
    await sharp({ create: { width: 30, height: 20, channels: 3, background: "red" } })
      .png()
      .toFile(path);
    return path;
  };

  describe("come without asking", () => {
    const folder = (part = partOf(1)) => pictures.unaskedFolder(bobby().sid, part);

    it("from someone with whom the user has opened the session, as small pictures", () => {
      assert.ok(folder()?.startsWith(kept.folder));
      assert.equal(folder(partOf(1, "a.png", 1024 * 1024 + 1)), null);
      assert.equal(folder(partOf(1, "a.svg")), null);
      assert.equal(folder(partOf(1, ".png")), null);
    });

    it("not if the user does not want that", () => {
      settings = { ...settings, autoAcceptPictures: false };
      assert.equal(folder(), null);
    });

    it("at a rate that a person needs; the others wait for an answer", () => {
      const taken = (): number =>
        Array.from({ length: 100 }, (_, n) => folder(partOf(n))).filter(Boolean).length;
      assert.equal(taken(), 64);
      now = 600_000;
      assert.equal(taken(), 10);
    });

    it("not from a stranger who opens a session, until the user has said something", () => {
      state = after(online, invite("bobby"), linked("bobby"));
      assert.equal(folder(), null);
      const text = "hello";
      go({ type: "user/say", request: 1, session: bobby().number, text }, confirm("bobby", 1));
      assert.ok(folder() !== null);
    });

    it("from a verified stranger, and not from someone who is blocked or has another key", () => {
      state = after(online, invite("bobby"), linked("bobby"));
      const change = (what: object): void => {
        state = { ...state, people: state.people.map((person) => ({ ...person, ...what })) };
      };
      change({ verified: true });
      assert.ok(folder() !== null);
      change({ blocked: true });
      assert.equal(folder(), null);
      state = { ...state, people: [] };
      assert.equal(folder(), null);
    });
  });

  it("that the user has saved are shown from a copy", async () => {
    go(offers("bobby", partOf(1)));
    await pictures.delivered(bobby().sid, partOf(1), await picture());
    const found = keptOf(last()) ?? assert.fail();
    assert.deepEqual(found.picture, { width: 30, height: 20 });
    assert.equal(found.unsaved, undefined);
    assert.ok(existsSync(kept.pathOf(found)));
  });

  it("that came without asking are shown from where they are, and can be saved once", async () => {
    const part = partOf(1);
    go(offers("bobby", part));
    const folder = pictures.unaskedFolder(bobby().sid, part) ?? assert.fail();
    await pictures.delivered(bobby().sid, part, await picture(folder, "a.png"));
    const found = keptOf(last()) ?? assert.fail();
    assert.equal(found.unsaved, true);
    const session = bobby();
    pictures.saved(session, part, found);
    assert.deepEqual(keptOf(last()), { path: found.path, picture: found.picture });
  });

  for (const name of [" .png", "\u00a0.PNG", "\u200b.png", "CON.png", "a:b .png", `${"é".repeat(250)}.png`])
    it(`are shown only if their place is one that the page and the disk accept: ${JSON.stringify(name)}`, async () => {
      const part = partOf(1, name);
      go(offers("bobby", part));
      const folder = pictures.unaskedFolder(bobby().sid, part);
      if (folder !== null) {
        await mkdir(folder, { recursive: true });
        await pictures.delivered(bobby().sid, part, await copyInto(folder, name, await picture()));
        assert.ok(keptOf(last())?.unsaved);
      }
      assert.ok(v.is(Entry, entryAt(bobby().transcript, last())));
    });

  describe("that came without asking and are none", () => {
    const part = partOf(1);
    let found: KeptFile;
    beforeEach(async () => {
      go(offers("bobby", part));
      const folder = pictures.unaskedFolder(bobby().sid, part) ?? assert.fail();
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "a.png"), "hello");
      await pictures.delivered(bobby().sid, part, join(folder, "a.png"));
      found = keptOf(last()) ?? assert.fail();
      assert.deepEqual([found.picture, found.unsaved], [undefined, true]);
    });

    it("are deleted when the user declines them", async () => {
      pictures.declined(bobby(), part, found);
      await pictures.settled();
      assert.deepEqual(keptOf(last()), { path: found.path, declined: true });
      assert.equal(existsSync(kept.pathOf(found)), false);
    });

    it("are deleted when the user has saved them", async () => {
      pictures.saved(bobby(), part, found);
      await pictures.settled();
      assert.equal(keptOf(last()), undefined);
      assert.equal(existsSync(kept.pathOf(found)), false);
    });
  });

  it("that came without asking and would be huge are not shown", async () => {
    const part = partOf(1);
    go(offers("bobby", part));
    const folder = pictures.unaskedFolder(bobby().sid, part) ?? assert.fail();
    const path = join(folder, "a.png");
    await mkdir(folder, { recursive: true });
    const header = Buffer.from(
      "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0\x08\x02\0\0\0....\0\0\0\0IDAT",
      "latin1",
    );
    header.writeUInt32BE(4_001, 16);
    header.writeUInt32BE(3_000, 20);
    await writeFile(path, header);
    await pictures.delivered(bobby().sid, part, path);
    const { picture: size, unsaved } = keptOf(last()) ?? assert.fail();
    assert.deepEqual([size, unsaved], [undefined, true]);
  });

  describe("of the user", () => {
    const say: Step = () => {
      const [text, part] = [offerText(partOf(1)), partOf(1)];
      return [{ type: "user/say", request: 1, session: bobby().number, text, part }];
    };
    const folder = () => kept.folderOf(conversationOf(state.me ?? assert.fail(), bobby()), fileId(1), true);

    it("are shown once their message is there", async () => {
      go(say);
      await pictures.offered(bobby().sid, partOf(1), await picture());
      assert.equal(keptOf(last()), undefined);
      go(confirm("bobby", 1));
      await pictures.settled();
      assert.deepEqual(keptOf(last())?.picture, { width: 30, height: 20 });
    });

    it("are shown if their message was there before them", async () => {
      go(say, confirm("bobby", 1));
      await pictures.offered(bobby().sid, partOf(1), await picture());
      assert.deepEqual(keptOf(last())?.picture, { width: 30, height: 20 });
    });

    it("are shown if the window was reloaded before their message was there", async () => {
      go(say);
      await pictures.offered(bobby().sid, partOf(1), await picture());
      pictures.dispose();
      start();
      go(confirm("bobby", 1));
      await pictures.settled();
      assert.deepEqual(keptOf(last())?.picture, { width: 30, height: 20 });
    });

    it("go with a message that was not sent: discarded, or left with its session", async () => {
      for (const over of [
        [unlinked("bobby", "left"), discard],
        [type("\\leave", 1), type("\\leave", 1)],
      ]) {
        state = withBobby;
        go(say);
        const place = folder();
        await pictures.offered(bobby().sid, partOf(1), await picture());
        assert.ok(existsSync(place));
        go(...over);
        await pictures.settled();
        assert.equal(existsSync(place), false);
      }
    });

    it("are not kept if their message is gone before they are copied", async () => {
      go(say);
      const place = folder();
      const { sid } = bobby();
      go(unlinked("bobby", "left"), discard);
      await pictures.offered(sid, partOf(1), await picture());
      assert.equal(existsSync(place), false);
    });
  });

  it("are no other files", async () => {
    go(offers("bobby", partOf(1)));
    await pictures.delivered(bobby().sid, partOf(1), import.meta.filename);
    assert.equal(keptOf(last()), undefined);
  });

  it("go with their message when it is retracted or becomes another", async () => {
    for (const [seq, about] of [
      [1, { kind: "retract", seq: 1 }],
      [3, { kind: "edit", seq: 3 }],
    ] as const) {
      go(offers("bobby", partOf(seq), seq));
      await pictures.delivered(bobby().sid, partOf(seq), await picture());
      const found = keptOf(last()) ?? assert.fail();
      go(frame("bobby", { type: "message", seq: seq + 1, at: NOW, text: "x", about }));
      assert.equal(keptOf(last()), undefined);
      await pictures.settled();
      assert.equal(existsSync(kept.pathOf(found)), false);
    }
  });

  it("whose message is gone by then are not kept", async () => {
    go(offers("bobby", partOf(1)));
    const { sid } = bobby();
    go({ type: "history/cleared", session: bobby().number });
    await pictures.delivered(sid, partOf(1), await picture());
    await pictures.settled();
    const me = state.me ?? assert.fail();
    assert.equal(existsSync(kept.folderOf(conversationOf(me, bobby()), fileId(1), false)), false);
  });

  it("go with the cleared conversation, unless another window shows it", async () => {
    go(offers("bobby", partOf(1)));
    await pictures.delivered(bobby().sid, partOf(1), await picture());
    const found = keptOf(last()) ?? assert.fail();
    const conversation = conversationOf(state.me ?? assert.fail(), bobby());
    const isThereAfter = async (clearing: Conversation | null): Promise<boolean> => {
      pictures.forget(clearing);
      await pictures.settled();
      return existsSync(kept.pathOf(found));
    };
    elsewhere = [conversation];
    assert.deepEqual([await isThereAfter(conversation), await isThereAfter(null)], [true, true]);
    elsewhere = [{ ...conversation, identity: "other" }];
    assert.equal(await isThereAfter(conversation), false);
  });

  it("of earlier windows are deleted at the start if nothing is to be saved, except what other windows show", async () => {
    go(offers("bobby", partOf(1)));
    await pictures.delivered(bobby().sid, partOf(1), await picture());
    const found = keptOf(last()) ?? assert.fail();
    settings = { ...settings, days: 0 };
    pictures.dispose();
    elsewhere = [conversationOf(state.me ?? assert.fail(), bobby())];
    start();
    await pictures.settled();
    assert.equal(existsSync(kept.pathOf(found)), true);
    pictures.dispose();
    elsewhere = [];
    start();
    await pictures.settled();
    assert.equal(existsSync(kept.pathOf(found)), false);
  });
});
