// Files between two windows' hosts, with real disks, over a real server and real links.
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FilePart } from "../../protocol/bulk.ts";
import { offerText } from "../../protocol/fileText.ts";
import { lookAt } from "../../extension/host/transfers/sourceFile.ts";
import type { TransferStatus } from "../../extension/core/transfers/status.ts";
import { Client } from "../support/client.ts";
import { noise, partOf } from "../support/fileTransfers.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { eventually } from "../vscode/driver/eventually.ts";

const BYTES = noise(5 * 1024 * 1024 + 11);

describe("a file between windows", function () {
  this.timeout(60_000);
  let root: string;
  let server: ServerProcess;
  let anna: Client;
  let bobby: Client;
  let part: FilePart;

  const folderOf = (name: string): string => join(root, name);
  const chosen = (): string => join(root, "chosen");
  const status = ({ state }: Client): TransferStatus | undefined => state.transfers.at(-1);
  const phase = (client: Client): string => status(client)?.phase.phase ?? "none";
  const sid = (client: Client, peer: string) => client.peer(peer)?.sid ?? assert.fail();

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-files-"));
    mkdirSync(chosen());
    server = await ServerProcess.start();
    anna = new Client({ folder: folderOf("anna") });
    bobby = new Client({ folder: folderOf("bobby") });
    await anna.join("anna", server.url);
    await bobby.join("bobby", server.url);
    await anna.until("both", (state) => state.users.length === 2);
    await anna.run("\\fork bobby");
    await bobby.until("the session", () => bobby.peer("anna") !== undefined);
    const path = join(root, "a.bin");
    writeFileSync(path, BYTES);
    part = partOf(path);
    const source = (await lookAt(path)) ?? assert.fail();
    assert.ok(await anna.transfers?.offer(sid(anna, "bobby"), part, path, source));
    const session = anna.peer("bobby")?.number ?? assert.fail();
    const said = await anna.store.request((request) => ({
      ...{ type: "user/say", request, session, text: offerText(part), part },
    }));
    assert.ok(said.ok);
    await bobby.until("the offer", () => phase(bobby) === "offered");
  });
  afterEach(async () => {
    await Promise.all([anna.close(), bobby.close()]);
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const accept = (): Promise<void> | undefined => bobby.transfers?.accept(sid(bobby, "anna"), part, chosen());

  it("arrives in the folder that was chosen, and both sides say so", async () => {
    await accept();
    await bobby.until("the file", () => phase(bobby) === "done");
    await anna.until("the confirmation", () => phase(anna) === "sent");
    assert.deepEqual(readFileSync(join(chosen(), "a.bin")), BYTES);
  });

  it("is declined", async () => {
    bobby.transfers?.cancel(sid(bobby, "anna"), part, false);
    await anna.until("the answer", () => phase(anna) === "declined");
    assert.equal(phase(bobby), "declined");
    assert.deepEqual(readdirSync(chosen()), []);
  });

  it("is taken back", async () => {
    anna.transfers?.cancel(sid(anna, "bobby"), part, true);
    await bobby.until("the news", () => phase(bobby) === "failed");
    assert.deepEqual(status(bobby)?.phase, { phase: "failed", why: "canceled" });
  });

  it("comes after both windows were started again", async () => {
    bobby.transfers?.pause(sid(bobby, "anna"), part.id, false);
    await Promise.all([anna.close(), bobby.close()]);
    anna = new Client({ folder: folderOf("anna") });
    bobby = new Client({ folder: folderOf("bobby") });
    await anna.begin();
    await bobby.begin();
    await anna.until("the offer", () => phase(anna) === "offered");
    await bobby.until("the link", () => bobby.peer("anna")?.link === "open");
    await accept();
    await bobby.until("the file", () => phase(bobby) === "done");
    await anna.until("the confirmation", () => phase(anna) === "sent");
    assert.deepEqual(readFileSync(join(chosen(), "a.bin")), BYTES);
  });

  it("that did not arrive never will when the session is over", async () => {
    await anna.run("\\switch bobby");
    await anna.run("\\leave");
    await bobby.until("the end", () => phase(bobby) === "canceled");
    for (const name of ["anna", "bobby"])
      await eventually("nothing of it on the disk", () => {
        const folder = join(folderOf(name), "transfers");
        return Promise.resolve(!existsSync(folder) || readdirSync(folder).length === 0);
      });
    assert.deepEqual(readdirSync(chosen()), []);
  });
});
