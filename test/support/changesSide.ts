// A window without VS Code that keeps and fetches changes.
import assert from "node:assert/strict";
import { join } from "node:path";
import { basesFor } from "../../extension/core/changes/bases.ts";
import { partOf } from "../../extension/core/changes/summary.ts";
import type { PeerSession } from "../../extension/core/model/session.ts";
import { ChangeBodies, type SentChanges } from "../../extension/host/changes/changeBodies.ts";
import { PartStore } from "../../extension/host/storage/partStore.ts";
import type { FileId } from "../../protocol/bulk.ts";
import type { ChangeSet } from "../../protocol/changes.ts";
import type { ChangesPart } from "../../protocol/changesPart.ts";
import type { SessionId } from "../../protocol/fields.ts";
import { Client } from "./client.ts";
import { fileId } from "./fileIds.ts";

export type ChangesToAttach = {
  readonly set: ChangeSet;
  readonly bases: ReadonlyMap<string, string>;
  /** What the message says that is not so. */
  readonly lie?: Partial<ChangesPart>;
  /** Numbers the ids of the bodies. */
  readonly n?: number;
};

/** A window with the changes that it keeps. */
export class ChangesSide {
  readonly client: Client;
  readonly bodies: ChangeBodies;
  readonly parts: PartStore;
  readonly fetched: string[] = [];
  readonly errors: unknown[] = [];
  keepsHistory = true;
  /** Called when a body is on its way. */
  onAccepted: (sid: SessionId, id: FileId) => void = () => undefined;

  constructor(folder: string) {
    this.parts = new PartStore(
      join(folder, "parts"),
      () => ({ days: 30 }),
      () => [],
    );
    this.client = new Client({
      folder,
      onRequest: (_client, sid, id) => this.bodies.find(sid, id),
    });
    this.bodies = new ChangeBodies({
      store: this.client.store,
      parts: this.parts,
      accept: async (sid, file, to) => {
        this.fetched.push(file.id);
        await this.client.transfers?.accept(sid, file, to);
        this.onAccepted(sid, file.id);
      },
      cancel: (sid, id) => this.client.transfers?.drop(sid, id),
      keepsHistory: () => this.keepsHistory,
      report: (error) => this.errors.push(error),
    });
  }

  session(peer: string): PeerSession {
    return this.client.peer(peer) ?? assert.fail();
  }

  /** The newest changes in a session. */
  sent(peer: string): SentChanges {
    const { sid, pin } = this.session(peer);
    const entry = this.client
      .entries(peer)
      .findLast((each) => each.kind === "message" && each.part?.kind === "changes");
    assert.ok(entry?.kind === "message" && entry.part?.kind === "changes");
    return { sid, pin, part: entry.part, own: entry.own };
  }

  /** Puts changes into a session's composer, with files before the change. */
  async attach(peer: string, { set, bases, lie = {}, n = 1 }: ChangesToAttach): Promise<void> {
    const { number, pin } = this.session(peer);
    const texts = basesFor(set, bases);
    const before = texts === null ? {} : { bases: await this.bodies.keep(pin, fileId(n + 1), texts) };
    const part = partOf(set, { ...(await this.bodies.keep(pin, fileId(n), set)), ...before });
    this.client.store.dispatch({
      ...{ type: "user/attach", session: number, attachment: { part: { ...part, ...lie } } },
    });
  }

  /** Sends what is in the composer. */
  async send(peer: string, text: string): Promise<void> {
    const { number, attached } = this.session(peer);
    const outcome = await this.client.store.request((request) => ({
      ...{ type: "user/submit", request, session: number, text },
      ...(attached === null ? {} : { attached: attached.id }),
    }));
    assert.ok(outcome.ok);
  }
}
