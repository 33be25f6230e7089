// The reference conversation in three real windows at two servers with one lobby, behind a TCP load balancer: they talk, and
// nothing is lost while a server, the engine's leader and another server go away.
import assert from "node:assert/strict";
import { Balancer } from "../../../scripts/balancer.ts";
import { keysOf } from "../../../server/cluster/keys.ts";
import { ClusterServers } from "../../support/clusterServers.ts";
import { reachedAt, type ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette, previewText } from "./chatWindows.ts";

type Member = { readonly window: VsCodeWindow; panel: ChatPanel };

/** What the lobby shows when someone comes or goes. */
const COMINGS = /has joined|has left|lost the connection|window was closed/g;

describe("three people in three windows at two servers", function () {
  this.timeout(300_000);
  let cluster: ClusterServers;
  let servers: readonly [ServerProcess, ServerProcess];
  let balancer: Balancer;
  let windows: ChatWindows;
  let anna: Member;
  let bobby: Member;
  let carmen: Member;
  const said: string[] = [];

  const everyone = (): readonly Member[] => [anna, bobby, carmen];
  const lobby = ({ panel }: Member): Promise<string> => panel.log("lobby").innerText();
  const comings = async (member: Member): Promise<readonly string[]> =>
    (await lobby(member)).match(COMINGS) ?? [];

  async function say({ panel }: Member, text: string): Promise<void> {
    said.push(text);
    await panel.type(text);
    await panel.shows("lobby", text);
  }

  /** Says something while the server goes away. A window that has been without one for too long returns the text. */
  async function sayMeanwhile({ panel }: Member, text: string): Promise<void> {
    said.push(text);
    await panel.type(text);
  }

  /** Waits until the lobby is open, and sends what was returned. */
  async function isBack({ panel }: Member): Promise<void> {
    await panel.untilTabs("the lobby to be open", ([lobby = "closed"]) => !lobby.includes("closed"));
    if ((await panel.composer.inputValue()) !== "") await panel.composer.press("Enter");
  }

  /** Everyone reads everything, once, and has seen no one come or go since. */
  async function allRead(before: readonly (readonly string[])[]): Promise<void> {
    for (const [n, member] of everyone().entries()) {
      await member.panel.tab("lobby").click();
      for (const text of said) await member.panel.shows("lobby", text);
      const log = await lobby(member);
      for (const text of said) assert.equal(log.split(text).length, 2, `“${text}” once`);
      assert.deepEqual(await comings(member), before[n]);
      assert.ok(!log.includes("are missing"));
      // A slow machine shows losses of the connection. Then it shows the end of each, too.
      assert.equal(log.split("Disconnected:").length, log.split("You're back in the lobby").length);
      const closed = member.panel.frame.getByRole("button", { name: "Diagnose Connection", exact: true });
      assert.equal(await closed.count(), 0);
    }
  }

  async function startServer(): Promise<ServerProcess> {
    const server = await cluster.start(...reachedAt(balancer.port));
    balancer.ports = [...balancer.ports, server.port];
    return server;
  }

  /** Waits until the engine has so many servers. */
  async function untilThere(count: number): Promise<void> {
    const etcd = cluster.engine.open();
    await eventually(`${String(count)} servers in the engine`, async () => {
      const found = await etcd.range({ prefix: keysOf("fork-chat").nodes });
      return found.ok && found.value.items.length === count;
    });
  }

  /** Waits until “Diagnose Connection” says this. */
  async function diagnosed(member: Member, text: string): Promise<void> {
    const { window } = member;
    await eventually(text, async () => {
      await window.runCommand("Chat: Diagnose Connection");
      return (await previewText(window)).includes(text);
    });
    // The report has covered the chat.
    await window.runCommand("View: Close Editor");
    await window.runCommand("Chat: Open");
    member.panel = await ChatPanel.of(window);
  }

  /** The one forks the other, from the lobby, and each reads the other. */
  async function fork(caller: Member, callee: Member, [a, b]: readonly [string, string]): Promise<void> {
    await caller.panel.type(`\\fork ${b}`);
    await caller.panel.untilActive(b);
    await caller.panel.type(`hello, ${b}`);
    await callee.panel.tab(a).click();
    await callee.panel.shows(a, `hello, ${b}`);
    await callee.panel.type(`hello, ${a}`);
    await caller.panel.shows(b, `hello, ${a}`);
  }

  before(async () => {
    cluster = await ClusterServers.prepare({ members: 3 });
    balancer = await Balancer.listen();
    servers = [await startServer(), await startServer()];
    windows = await ChatWindows.start(balancer.url);
    const opened = await Promise.all(["anna", "bobby", "carmen"].map((name) => windows.open(name)));
    const join = async (n: number, name: string): Promise<Member> => {
      const window = opened[n] ?? assert.fail();
      return { window, panel: await joinByPalette(window, name) };
    };
    // One after the other, so that anna and carmen are at the first server, and bobby is at the second one.
    anna = await join(0, "anna");
    bobby = await join(1, "bobby");
    carmen = await join(2, "carmen");
  });

  after(async () => {
    await windows.stop();
    await balancer.close();
    await cluster.stop();
  });

  it("read each other in the lobby", async () => {
    const places = [servers[0], servers[1], servers[0]];
    for (const [n, name] of ["anna", "bobby", "carmen"].entries()) {
      assert.match(places[n]?.stderr ?? "", new RegExp(`"event":"joined","name":"${name}"`));
    }
    await bobby.panel.shows("lobby", "carmen has joined");
    await say(anna, "good morning");
    await say(bobby, "morning to you");
    await allRead(await Promise.all(everyone().map(comings)));
    await bobby.panel.type("\\users");
    await bobby.panel.shows("lobby", "3 online\nanna\nbobby — you\ncarmen");
  });

  it("anna forks bobby, who is at the other server: their windows connect directly", async () => {
    await fork(anna, bobby, ["anna", "bobby"]);
    await diagnosed(anna, "Connected directly");
  });

  it("carmen forks bobby without a direct connection: each is at another server's relay", async () => {
    await windows.changeMachineSettings({ "forkchat.connection": "relay" });
    for (const member of [bobby, carmen]) await diagnosed(member, "forkchat.connection is relay");
    await fork(carmen, bobby, ["carmen", "bobby"]);
    await diagnosed(carmen, "Connected through the server's relay");
  });

  it("a server is killed: its people are at the other one, and nothing is lost", async () => {
    for (const { panel } of everyone()) await panel.tab("lobby").click();
    const before = await Promise.all(everyone().map(comings));
    await say(anna, "said into the dark");
    const gone = servers[0].stop("SIGKILL");
    await sayMeanwhile(anna, "said without a server");
    await say(bobby, "said meanwhile");
    await gone;
    for (const { panel } of [anna, carmen]) await panel.shows("lobby", "said meanwhile");
    await isBack(anna);
    await say(carmen, "said before the others know");
    await untilThere(1);
    await say(anna, "all here again");
    await allRead(before);
    await carmen.panel.tab("bobby").click();
    await carmen.panel.type("by another relay");
    await bobby.panel.tab("carmen").click();
    await bobby.panel.shows("carmen", "by another relay");
    await anna.panel.tab("bobby").click();
    await anna.panel.type("still with you");
    await bobby.panel.tab("anna").click();
    await bobby.panel.shows("anna", "still with you");
    for (const { panel } of everyone()) await panel.tab("lobby").click();
  });

  it("the engine's leader is killed: what is said waits, and is told", async () => {
    const before = await Promise.all(everyone().map(comings));
    const leader = await cluster.engine.leader();
    await say(anna, "before the end of the leader");
    const gone = leader.kill();
    await say(bobby, "during the election");
    await gone;
    await say(carmen, "and once more");
    await allRead(before);
    assert.ok(!(await lobby(bobby)).includes("Disconnected"));
  });

  it("a server starts, and the other one is stopped: everyone moves there", async () => {
    const before = await Promise.all(everyone().map(comings));
    const started = await startServer();
    await say(anna, "said before the move");
    const stopped = servers[1].stop("SIGTERM");
    await sayMeanwhile(bobby, "said during the move");
    await stopped;
    for (const name of ["anna", "bobby", "carmen"]) {
      await started.logged(new RegExp(`"event":"resumed","name":"${name}"`));
    }
    for (const member of everyone()) await isBack(member);
    await untilThere(1);
    await say(carmen, "we have moved");
    await allRead(before);
  });
});
