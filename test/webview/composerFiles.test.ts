// Files in the composer: what says who gets them, how they are sent or removed, and what of the pasted and dropped gets there.
import assert from "node:assert/strict";
import * as v from "valibot";
import { FileId, OPEN_OFFERS } from "../../protocol/bulk.ts";
import { PAGE_FILE_BYTES, type SessionView } from "../../protocol/webview.ts";
import { LOBBY, panelState, peer, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BOBBY = session(1);
const [first, second] = ["A", "Q"].map((end) => v.parse(FileId, `${"a".repeat(21)}${end}`));
assert.ok(first !== undefined && second !== undefined);
const files = [
  { id: first, name: "trace.json", size: 1_234 },
  { id: second, name: "screen\u202egnp.exe", size: 5_000_000 },
];

describe("files in the composer", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const show = (rest: Partial<SessionView> = { files }) =>
    panel.snapshot({
      state: panelState({
        active: BOBBY,
        sessions: [view(0, "lobby"), view(1, "bobby", { mark: "P->", peer: peer(), ...rest })],
      }),
    });
  const bar = () => panel.page.getByRole("group", { name: "Files for bobby", exact: true });

  it("name themselves, their sizes and who gets them", async () => {
    await show();
    assert.equal(
      (await bar().innerText()).replace(/\s+/gu, " "),
      "Files for bobby trace.json 1.2 kB screen[U+202E]gnp.exe 5 MB",
    );
  });

  it("are sent with Enter alone", async () => {
    await show();
    await panel.composer.press("Enter");
    assert.deepEqual(await panel.next("sendFiles", 1), {
      type: "sendFiles",
      session: 1,
      ids: [first, second],
    });
    assert.equal(panel.posted("submit").length, 0);
  });

  it("are sent behind the words beside them, and not with a command", async () => {
    await show();
    await panel.composer.fill("\\help");
    await panel.composer.press("Enter");
    const { id } = await panel.next("submit", 1);
    await panel.post({ type: "submitted", id, accepted: true });
    assert.equal(panel.posted("sendFiles").length, 0);
    await panel.composer.fill("look");
    await panel.composer.press("Enter");
    await panel.next("sendFiles", 1);
    assert.equal(panel.posted("submit").at(-1)?.text, "look");
  });

  it("are removed with their buttons, and the last one with Escape", async () => {
    await show();
    await bar().getByRole("button", { name: "Remove trace.json" }).click();
    assert.equal((await panel.next("removeFile", 1)).id, first);
    await panel.composer.press("Escape");
    assert.equal((await panel.next("removeFile", 2)).id, second);
  });

  describe("given to the page", () => {
    /** Pastes or drops a file of this type with these bytes, or one that the page makes. */
    const give = (
      how: "paste" | "drop",
      given: {
        name?: string;
        type?: string;
        size?: number;
        count?: number;
        text?: string;
        draws?: string;
        uris?: string;
      },
    ): Promise<boolean> =>
      panel.page.evaluate(
        async ({ how, name = "image.png", type = "", size = 0, count = 1, text, draws, uris }) => {
          const data = new DataTransfer();
          if (text !== undefined) data.setData("text/plain", text);
          if (uris !== undefined) data.setData("application/vnd.code.uri-list", uris);
          let parts: BlobPart[] = [new Uint8Array(size)];
          if (draws !== undefined) {
            const canvas = document.createElement("canvas");
            const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, draws));
            const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? []);
            // As a camera does: right behind the start of the picture.
            const exif = new TextEncoder().encode("\xff\xe1\0\x0eExif\0\0GPS 52N 13E");
            parts =
              draws === "image/jpeg"
                ? [bytes.slice(0, 2), Uint8Array.of(0xff, 0xe1, 0, 18), "Exif\0\0GPS 52 13", bytes.slice(2)]
                : [bytes, exif];
          }
          if (uris === undefined)
            for (let n = 0; n < count; n++)
              data.items.add(new File(parts, name, { type: type === "" ? (draws ?? "") : type }));
          const options = { bubbles: true, cancelable: true };
          const event =
            how === "paste"
              ? new ClipboardEvent("paste", { ...options, clipboardData: data })
              : new DragEvent("drop", { ...options, dataTransfer: data });
          return document.querySelector(".input")?.dispatchEvent(event) ?? true;
        },
        { how, ...given },
      );
    /** The host has done with the file that came as the nth. */
    const taken = async (n: number): Promise<void> => {
      const { id } = await panel.next("addFile", n);
      await panel.post({ type: "taken", id });
    };
    const added = async () => {
      const { name, bytes } = await panel.next("addFile", 1);
      return { name, text: Buffer.from(bytes).toString("latin1") };
    };

    it("go to the host with their bytes if they have no address", async () => {
      await show();
      assert.equal(await give("drop", { name: "a.bin", size: 70_000 }), false);
      const { name, text } = await added();
      assert.deepEqual([name, text.length], ["a.bin", 70_000]);
    });

    it("go by their addresses if VS Code knows them", async () => {
      await show();
      await give("drop", { uris: "file:///home/anna/a.txt\r\nvscode-remote://ssh/b.txt" });
      const { uris } = await panel.next("addFiles", 1);
      assert.deepEqual(uris, ["file:///home/anna/a.txt", "vscode-remote://ssh/b.txt"]);
    });

    it("are as many as a person can be offered, and the user is told of the others", async () => {
      await show();
      const many = Array.from({ length: OPEN_OFFERS + 1 }, (_, n) => `file:///${n}`);
      await give("drop", { uris: many.join("\r\n") });
      assert.deepEqual((await panel.next("addFiles", 1)).uris, many.slice(0, OPEN_OFFERS));
      assert.equal((await panel.next("notAdded", 1)).why, "many");
      await give("drop", { uris: `file:///a\r\nfile:///${"a".repeat(20_000)}` });
      assert.deepEqual((await panel.next("addFiles", 2)).uris, ["file:///a"]);
      await give("drop", { count: OPEN_OFFERS + 1, size: 1 });
      assert.equal((await panel.next("notAdded", 3)).why, "many");
      for (let n = 1; n <= OPEN_OFFERS; n++) await taken(n);
      assert.equal(panel.posted("addFile").length, OPEN_OFFERS);
    });

    it("go one by one, each when the host has done with the one before, so that few bytes are in memory", async () => {
      await show();
      await give("drop", { name: "a.bin", size: 1, count: 2 });
      await give("drop", { name: "b.bin", size: 1 });
      const names = () => panel.posted("addFile").map(({ name }) => name);
      await panel.next("addFile", 1);
      // What is refused does not wait.
      await give("drop", { uris: "file:///c.bin" });
      await panel.next("addFiles", 1);
      assert.deepEqual(names(), ["a.bin"]);
      await taken(1);
      await panel.next("addFile", 2);
      await taken(2);
      await panel.next("addFile", 3);
      assert.deepEqual(names(), ["a.bin", "a.bin", "b.bin"]);
    });

    it("are named by the time if they are a copied picture", async () => {
      await show();
      await give("paste", { draws: "image/png" });
      const { name, text } = await added();
      assert.match(name, /^Picture \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/u);
      assert.ok(text.startsWith("\x89PNG"));
      assert.ok(!text.includes("GPS"));
    });

    it("lose the place where they were taken if they are pasted pictures, and keep their name", async () => {
      await show();
      await give("paste", { name: "Berlin.jpg", draws: "image/jpeg" });
      const { name, text } = await added();
      assert.equal(name, "Berlin.jpg");
      assert.ok(text.startsWith("\xff\xd8\xff"));
      assert.ok(!text.includes("Exif"));
    });

    it("become a PNG if they are pasted pictures that cannot be drawn in their format", async () => {
      await show();
      await give("paste", { name: "Berlin.bmp", type: "image/bmp", draws: "image/png" });
      const { name, text } = await added();
      assert.equal(name, "Berlin.bmp.png");
      assert.ok(text.startsWith("\x89PNG") && !text.includes("GPS"));
    });

    it("are not sent as they are if they are pasted pictures that cannot be drawn", async () => {
      await show();
      for (const [n, type] of ["image/heic", "image/tiff", "image/jpeg"].entries()) {
        await give("paste", { name: "Berlin", type, size: 10 });
        assert.equal((await panel.next("notAdded", n + 1)).why, "undrawn");
      }
      assert.equal(panel.posted("addFile").length, 0);
    });

    for (const text of [
      "a b.bin",
      "/home/anna/a b.bin\n",
      "file:///home/anna/a%20b.bin",
      "C:\\anna\\a b.bin",
    ])
      it(`are taken if the text beside them only names them, as file managers do: ${text.trim()}`, async () => {
        await show();
        assert.equal(await give("paste", { name: "a b.bin", size: 7, text }), false);
        assert.equal((await added()).name, "a b.bin");
      });

    it("are no pictures of a text that is pasted", async () => {
      await show();
      assert.equal(await give("paste", { text: "a\tb", draws: "image/png" }), true);
      assert.equal(panel.posted("addFile").length, 0);
    });

    it("are said to be too large, or unreadable", async () => {
      await show();
      await give("drop", { name: "large.iso", size: PAGE_FILE_BYTES + 1 });
      const { why, name } = await panel.next("notAdded", 1);
      assert.deepEqual([why, name], ["large", "large.iso"]);
      await panel.page.evaluate(() => {
        Blob.prototype.arrayBuffer = () => Promise.reject(new Error("A folder"));
      });
      await give("drop", { name: "folder", size: 10 });
      assert.equal((await panel.next("notAdded", 2)).why, "unreadable");
      assert.equal(panel.posted("addFile").length, 0);
    });

    it("are not read in the lobby, which says why", async () => {
      await panel.snapshot({ state: panelState({ active: LOBBY }) });
      await give("drop", { name: "a.bin", size: 10 });
      assert.equal((await panel.next("notAdded", 1)).why, "lobby");
    });
  });
});
