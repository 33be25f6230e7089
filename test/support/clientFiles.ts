// Files of a window without VS Code: offers them, and takes them into a folder.
import { randomBytes } from "node:crypto";
import * as v from "valibot";
import { lookAt } from "../../extension/host/transfers/sourceFile.ts";
import { FileId, type FilePart } from "../../protocol/bulk.ts";
import { offerText } from "../../protocol/fileText.ts";
import type { Client } from "./client.ts";
import { partOf } from "./fileTransfers.ts";

/** Offers a file in the session with this peer. */
export async function offerFile(client: Client, peer: string, path: string): Promise<void> {
  const session = client.peer(peer);
  const source = await lookAt(path);
  if (session === undefined || source === null) throw new Error(`${path} can't be offered to ${peer}`);
  const part = { ...partOf(path), id: v.parse(FileId, randomBytes(16).toString("base64url")) };
  if ((await client.transfers?.offer(session.sid, part, path, source)) !== true)
    throw new Error(`${path} is one too many`);
  await client.store.request((request) => ({
    ...{ type: "user/say", request, session: session.number, text: offerText(part), part },
  }));
}

/** Wants the file that this peer offered last. */
export async function acceptFile(client: Client, peer: string, folder: string): Promise<void> {
  const session = client.peer(peer);
  const part = client
    .entries(peer)
    .flatMap((entry): FilePart[] =>
      entry.kind === "message" && !entry.own && entry.part?.kind === "file" ? [entry.part] : [],
    )
    .at(-1);
  if (session === undefined || part === undefined) throw new Error(`${peer} offers nothing`);
  await client.transfers?.accept(session.sid, part, folder);
}
