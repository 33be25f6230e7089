// A private session with bobby whose pictures are kept in a real folder, for each test of a suite.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import * as v from "valibot";
import { FilePart } from "../../protocol/bulk.ts";
import { offerText } from "../../protocol/fileText.ts";
import type { KeptFile } from "../../protocol/webview.ts";
import type { Conversation } from "../../extension/core/model/conversation.ts";
import type { CoreEvent } from "../../extension/core/model/events.ts";
import type { PeerSession } from "../../extension/core/model/session.ts";
import type { State } from "../../extension/core/model/state.ts";
import { entryAt } from "../../extension/core/model/transcript.ts";
import { KeptFiles } from "../../extension/host/transfers/keptFiles.ts";
import { Pictures } from "../../extension/host/transfers/pictures.ts";
import { after, frame, NOW, type Step, withBobby } from "./core.ts";
import { fileId } from "./fileIds.ts";

export const partOf = (n: number, name = "a.png", size = 1_000): FilePart =>
  v.parse(FilePart, { kind: "file", id: fileId(n), name, size });

/** A message that offers a file. */
export const offers = (from: string, part: FilePart, seq = 1): Step =>
  frame(from, { type: "message", seq, at: NOW, text: offerText(part), part });

/** Create it in a suite. */
export class PictureChat {
  root = "";
  kept!: KeptFiles;
  state!: State;
  now = 0;
  settings = { autoAcceptPictures: true, days: 30 };
  elsewhere: Conversation[] = [];
  pictures!: Pictures;

  constructor() {
    beforeEach(() => {
      this.root = mkdtempSync(join(tmpdir(), "fork-chat-pictures-"));
      this.kept = new KeptFiles(join(this.root, "kept"));
      [this.now, this.elsewhere] = [0, []];
      [this.state, this.settings] = [withBobby, { autoAcceptPictures: true, days: 30 }];
      this.start();
    });
    afterEach(() => {
      this.pictures.dispose();
      rmSync(this.root, { recursive: true, force: true });
    });
  }

  go = (...steps: Step[]): void => {
    const before = this.state;
    this.state = after(this.state, ...steps);
    if (this.state !== before) this.pictures.watch(before, this.state);
  };

  dispatch = (event: CoreEvent): void => this.go(event);

  bobby = (): PeerSession => this.state.sessions[1] ?? assert.fail();

  keptOf = (index: number): KeptFile | undefined => {
    const { transcript } = this.bobby();
    const entry = entryAt(transcript, index);
    return entry?.kind === "message" ? entry.kept : undefined;
  };

  /** Index of the last entry. */
  last = (): number => this.bobby().transcript.end - 1;

  /** Starts the window's pictures. */
  start = (): void => {
    this.pictures = new Pictures({
      store: this,
      kept: this.kept,
      settings: () => this.settings,
      conversationsElsewhere: () => this.elsewhere,
      now: () => this.now,
    });
  };

  /** Makes a picture, and returns its path. */
  picture = async (folder = this.root, name = "source.png"): Promise<string> => {
    await mkdir(folder, { recursive: true });
    const path = join(folder, name);
    await sharp({ create: { width: 30, height: 20, channels: 3, background: "red" } })
      .png()
      .toFile(path);
    return path;
  };
}
