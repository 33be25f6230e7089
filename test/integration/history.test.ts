// Conversations that outlast their windows: killed, closed, and joined again, against a real server.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PageLink } from "../../extension/host/panel/pageLink.ts";
import type { Entry, HostMessage } from "../../protocol/webview.ts";
import { Client } from "../support/client.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { WindowProcess } from "../support/windowProcess.ts";

const COUNT = 1000;
const words = (who: string, prefix: string): string[] =>
  Array.from({ length: COUNT }, (_, i) => `${who}: ${prefix}${i}`);

describe("saved conversations", function () {
  this.timeout(120_000);
  let folder: string;
  let server: ServerProcess;
  const clients: Client[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-kept-"));
    server = await ServerProcess.start("--messages-per-second", "1000");
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function client(options: ConstructorParameters<typeof Client>[0] = {}): Client {
    const made = new Client(options);
    clients.push(made);
    return made;
  }

  /** Closes a client, as its window does. */
  async function close(made: Client): Promise<void> {
    clients.splice(clients.indexOf(made), 1);
    await made.close();
  }

  it("a thousand messages in the lobby and a thousand in private survive a kill, and can be paged", async () => {
    const anna = await WindowProcess.start({ folder });
    const bobby = client();
    await anna.join("anna", server.url);
    await bobby.join("bobby", server.url);
    await bobby.until("anna", ({ users }) => users.length === 2);
    for (let i = 0; i < COUNT; i++) assert.ok((await bobby.type(`l${i}`)).ok);
    assert.ok((await bobby.run("\\fork anna")).ok);
    for (let i = 0; i < COUNT; i++) assert.ok((await bobby.type(`p${i}`)).ok);
    // What bobby sees confirmed was shown as received: from here on it may not get lost.
    const isConfirmed = (): boolean => bobby.messages("anna").length === COUNT;
    await bobby.until(
      "everything confirmed",
      () => isConfirmed() && bobby.messages("lobby").length === COUNT,
    );
    await anna.kill();

    const again = client({ folder });
    await again.begin();
    assert.deepEqual(again.messages("bobby"), words("bobby", "p"));
    await again.until("the lobby", ({ connection }) => connection.status === "online");
    await again.until("what was missed", () => again.messages("lobby").length === COUNT);
    assert.deepEqual(again.messages("lobby"), words("bobby", "l"));

    // The page sees the newest, and pages up to the very first.
    const posted: HostMessage[] = [];
    const link = new PageLink(
      again.store,
      () => "w",
      (message) => posted.push(message),
    );
    link.ready();
    const number = again.peer("bobby")?.number;
    const [snapshot] = posted;
    assert.ok(number !== undefined && snapshot?.type === "snapshot");
    const newest = snapshot.entries.find(({ session }) => session === number);
    let { index = 0 } = newest ?? {};
    let entries: Entry[] = newest?.entries ?? [];
    for (let page = 0; page < COUNT && index > 0; page++) {
      link.more(number, index);
      const answer = posted.at(-1);
      assert.ok(answer?.type === "page" && answer.entries.length > 0);
      index = answer.index;
      entries = [...answer.entries, ...entries];
    }
    link.dispose();
    const texts = entries.flatMap((entry) => (entry.kind === "message" ? [`bobby: ${entry.text}`] : []));
    assert.deepEqual(texts, words("bobby", "p"));
  });

  it("restore everything once when someone quits and rejoins", async () => {
    const bobby = client();
    await bobby.join("bobby", server.url);
    const anna = client({ folder });
    await anna.join("anna", server.url);
    for (const text of ["one", "two"]) assert.ok((await bobby.type(text)).ok);
    await anna.untilShown("lobby", "two");
    assert.ok((await anna.type("three")).ok);
    await anna.until("its confirmation", () => anna.messages("lobby").length === 3);
    assert.ok((await anna.run("\\quit")).ok);
    await close(anna);
    assert.ok((await bobby.type("four")).ok);
    await bobby.until("its confirmation", () => bobby.messages("lobby").length === 4);

    const again = client({ folder });
    await again.join("anna", server.url);
    await again.untilShown("lobby", "four");
    assert.deepEqual(again.messages("lobby"), ["bobby: one", "bobby: two", "anna: three", "bobby: four"]);
    // What is said once more afterwards does not meet an old number.
    assert.ok((await bobby.type("five")).ok);
    await again.untilShown("lobby", "five");
    assert.equal(again.messages("lobby").length, 5);
  });

  it("leave no trace when history is deleted on leaving, not even in the window's journal", async () => {
    const bobby = client();
    await bobby.join("bobby", server.url);
    const anna = client({ folder, history: { forgetOnLeave: true } });
    await anna.join("anna", server.url);
    await anna.until("bobby", ({ users }) => users.length === 2);
    assert.ok((await anna.run("\\fork bobby")).ok);
    assert.ok((await anna.type("nobody is to find this")).ok);
    await anna.until("its confirmation", () => anna.messages("bobby").length === 1);
    assert.notDeepEqual(await filesWith("nobody is to find this"), []);
    assert.ok((await anna.run("\\leave")).ok);
    assert.deepEqual(await filesWith("nobody is to find this"), []);
  });

  async function filesWith(text: string): Promise<string[]> {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    const contents = await Promise.all(
      files.map(async (file) => [file, await readFile(file, "utf8")] as const),
    );
    return contents.filter(([, content]) => content.includes(text)).map(([file]) => file);
  }
});
