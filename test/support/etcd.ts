// A real etcd of one member or several, in a folder of its own and at free ports.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureEtcd } from "../../scripts/etcd.ts";
import type { Log } from "../../server/base/log.ts";
import type { Etcd } from "../../server/cluster/etcd.ts";
import type { EtcdUser } from "../../server/cluster/etcdCalls.ts";
import { openEtcd, type EtcdOptions } from "../../server/cluster/etcdClient.ts";
import { EtcdHttp } from "../../server/cluster/etcdHttp.ts";
import { makeEtcdCertificates, type EtcdCertificates } from "./etcdCertificates.ts";
import { EtcdMember } from "./etcdMember.ts";
import { freePort } from "./freePort.ts";
import type { PeerLinks } from "./peerLinks.ts";

export type EngineOptions = {
  readonly members?: number;
  /** With client certificates. @see EtcdCertificates */
  readonly tls?: boolean;
  /** Lets only this user in, and to the keys below `fc/`. */
  readonly user?: EtcdUser;
  /** The disk's quota. */
  readonly quotaBytes?: number;
  /** Whether it waits for the disk. Without, what is killed loses nothing, and a busy disk causes no election. */
  readonly syncs?: boolean;
  /** Where the members reach each other; without: directly. */
  readonly links?: PeerLinks;
};

const PREFIX = "fc/";
const HOST = "127.0.0.1";
const SETUP_MS = 10_000;

export class Engine {
  readonly members: readonly EtcdMember[];
  /** Replaced by `renewCertificates`. */
  certificates: EtcdCertificates | undefined;
  readonly #user: EtcdUser | undefined;
  readonly #folder: string;
  readonly #clients: Etcd[] = [];

  private constructor(
    members: readonly EtcdMember[],
    certificates: EtcdCertificates | undefined,
    user: EtcdUser | undefined,
    folder: string,
  ) {
    this.members = members;
    this.certificates = certificates;
    this.#user = user;
    this.#folder = folder;
  }

  static async start({
    members = 1,
    tls = false,
    user,
    quotaBytes,
    syncs = false,
    links,
  }: EngineOptions = {}): Promise<Engine> {
    const program = await ensureEtcd((line) => console.log(`      ${line}`));
    const folder = await mkdtemp(join(tmpdir(), "fork-chat-etcd-"));
    const certificates = tls ? await makeEtcdCertificates(certificatesIn(folder)) : undefined;
    const places = [];
    for (let i = 1; i <= members; i++) {
      const [client, peerPort] = [await freePort(), await freePort()];
      places.push({
        name: `member${i}`,
        client: `${tls ? "https" : "http"}://${HOST}:${client}`,
        peerPort,
        peer: `http://${HOST}:${(await links?.to(peerPort)) ?? peerPort}`,
      });
    }
    const cluster = places.map(({ name, peer }) => `${name}=${peer}`).join(",");
    const engine: Engine = new Engine(
      places.map(({ name, client, peerPort, peer }) => {
        const data = join(folder, name);
        const args = [
          ...["--name", name, "--data-dir", data, "--logger", "zap", "--log-outputs", "stderr"],
          ...["--listen-client-urls", client, "--advertise-client-urls", client],
          ...["--listen-peer-urls", `http://${HOST}:${peerPort}`, "--initial-advertise-peer-urls", peer],
          ...["--initial-cluster", cluster, "--initial-cluster-token", folder],
          ...(quotaBytes === undefined ? [] : ["--quota-backend-bytes", String(quotaBytes)]),
          ...(certificates === undefined ? [] : tlsOptions(certificates)),
        ];
        return new EtcdMember({
          endpoint: client,
          peerPort,
          program,
          args,
          data,
          tls: () => engine.certificates?.client,
          syncs,
        });
      }),
      certificates,
      user,
      folder,
    );
    try {
      await Promise.all(engine.members.map((member) => member.start()));
      if (user !== undefined) await engine.#enableAuthentication(user);
    } catch (error) {
      await engine.stop();
      throw error;
    }
    return engine;
  }

  /** Where to reach it, with what it asks for. */
  get access(): Omit<EtcdOptions, "log"> {
    const [first, ...others] = this.members.map(({ endpoint }) => endpoint);
    if (first === undefined) throw new Error("There is no member.");
    return {
      endpoints: [first, ...others],
      tls: () => this.certificates?.client,
      ...(this.#user === undefined ? {} : { user: this.#user }),
    };
  }

  /** A client, which `stop` closes. */
  open(options: Partial<EtcdOptions> = {}, log: Log = () => undefined): Etcd {
    const client = openEtcd({ ...this.access, log, ...options });
    this.#clients.push(client);
    return client;
  }

  /** The member that leads; waits for an election. */
  async leader(): Promise<EtcdMember> {
    for (;;) {
      for (const member of this.members) if (await member.leads()) return member;
    }
  }

  /** The members that do not lead. */
  async followers(): Promise<EtcdMember[]> {
    const leader = await this.leader();
    return this.members.filter((member) => member !== leader);
  }

  /** Starts it anew without any data: the same addresses, and a history that begins again. */
  async restartEmpty(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
    await Promise.all(this.members.map((member) => member.wipe()));
    await Promise.all(this.members.map((member) => member.start()));
  }

  /** Those of another authority, which the members use from their next start on. */
  async renewCertificates(): Promise<void> {
    this.certificates = await makeEtcdCertificates(certificatesIn(this.#folder));
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    await Promise.all(this.members.map((member) => member.kill()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Ends a lease, as if its time were over. */
  async revoke(lease: string): Promise<void> {
    await this.#post("lease/revoke", { ID: lease });
  }

  /** Makes all tokens invalid that it has given. */
  async forgetTokens(): Promise<void> {
    const answer = await this.#post("auth/authenticate", { name: "root", password: this.#user?.password });
    const { token } = answer as { token: string };
    await this.#post("auth/disable", {}, token);
    await this.#post("auth/enable", {});
  }

  async #post(path: string, body: unknown, token?: string): Promise<unknown> {
    const { endpoints, tls } = this.access;
    const http = new EtcdHttp(endpoints[0].startsWith("https:"), tls);
    const request = { endpoint: endpoints[0], path: `/v3/${path}`, body, token };
    const result = await http.post({ ...request, timeoutMs: SETUP_MS });
    http.close();
    if (!result.ok) throw new Error(`${path}: ${result.error.message}`);
    return result.value;
  }

  async #enableAuthentication({ name, password }: EtcdUser): Promise<void> {
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    await this.#post("auth/user/add", { name: "root", password });
    await this.#post("auth/role/add", { name: "root" });
    await this.#post("auth/user/grant", { user: "root", role: "root" });
    await this.#post("auth/user/add", { name, password });
    await this.#post("auth/role/add", { name });
    const range = { key: base64(PREFIX), range_end: base64("fc0") };
    await this.#post("auth/role/grant", { name, perm: { permType: "READWRITE", ...range } });
    await this.#post("auth/user/grant", { user: name, role: name });
    await this.#post("auth/enable", {});
  }
}

function certificatesIn(folder: string): string {
  return join(folder, "tls");
}

function tlsOptions({ files: { ca, cert, key } }: EtcdCertificates): string[] {
  return ["--client-cert-auth", "--trusted-ca-file", ca, "--cert-file", cert, "--key-file", key];
}
