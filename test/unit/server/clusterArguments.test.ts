// The options for several servers with one lobby.
import assert from "node:assert/strict";
import { isNodeUnreachable, parseCluster } from "../../../server/clusterArguments.ts";

const files = { ca: undefined, cert: undefined, key: undefined, login: undefined };
const needed = {
  cluster: "etcd://10.0.0.1:2379",
  "cluster-secret": "s",
  "node-url": "https://10.0.0.2:43211",
};

describe("the options of a cluster", () => {
  it("are none for a server on its own", () => {
    assert.deepEqual(parseCluster({}), { ok: true, value: undefined });
  });

  it("name the engine's members, the lobby and files", () => {
    assert.deepEqual(parseCluster(needed), {
      ok: true,
      value: {
        members: ["10.0.0.1:2379"],

        secret: "s",
        ...files,
        node: "10.0.0.2:43211",
      },
    });
    assert.deepEqual(
      parseCluster({
        cluster: "etcd://a.example:2379,[::1]:2380,c-1:1",
        "cluster-secret": "s",
        "cluster-ca": "ca",
        "cluster-cert": "c",
        "cluster-key": "k",
        "cluster-login": "l",
        "node-url": "https://chat1.example:43211/",
      }),
      {
        ok: true,
        value: {
          members: ["a.example:2379", "[::1]:2380", "c-1:1"],

          secret: "s",
          ...{ ca: "ca", cert: "c", key: "k", login: "l" },
          node: "chat1.example:43211",
        },
      },
    );
  });

  it("lead servers on other machines nowhere with a node URL on loopback, which matters if clients come from there", () => {
    for (const [host, node, expected] of [
      ["0.0.0.0", "127.0.0.1", true],
      ["::", "[::1]", true],
      ["192.0.2.1", "localhost", true],
      ["0.0.0.0", "10.0.0.2", false],
      ["127.0.0.1", "127.0.0.1", false],
    ] as const) {
      const parsed = parseCluster({ ...needed, "node-url": `https://${node}:43211` });
      assert.equal(parsed.ok && isNodeUnreachable(host, parsed.value), expected, `${host} ${node}`);
    }
    assert.ok(!isNodeUnreachable("0.0.0.0", undefined));
  });

  it("are refused with a sentence that names them", () => {
    for (const [values, name] of [
      [{ "cluster-secret": "s" }, "--cluster-secret needs --cluster."],
      [{ "node-url": "https://a:1" }, "--node-url needs --cluster."],
      [{ cluster: "etcd://a:1" }, "--cluster-secret"],
      [{ cluster: "etcd://a:1", "cluster-secret": "s" }, "--node-url"],
      [{ ...needed, "cluster-cert": "c", "cluster-ca": "a" }, "--cluster-key"],
      [{ ...needed, "cluster-cert": "c", "cluster-key": "k" }, "--cluster-ca"],
      [{ ...needed, "node-url": "a:1" }, "--node-url"],
      [{ ...needed, "node-url": "https://a" }, "--node-url"],
      ...["a:1", "http://a:1", "etcd://", "etcd://a", "etcd://a:0", "etcd://a:65536", "etcd://a:1,"].map(
        (cluster) => [{ ...needed, cluster }, "--cluster must be like"] as const,
      ),
      [{ ...needed, cluster: "etcd://a:1/b" }, "--cluster must be like"],
      [{ ...needed, cluster: "etcd://a:1,[10.0.0.1]:2379" }, "--cluster must be like"],
      [{ ...needed, "node-url": "https://10.0.0.300:43211" }, "--node-url must be like"],
    ] as const) {
      const parsed = parseCluster(values);
      assert.ok(!parsed.ok && parsed.error.includes(name), `${JSON.stringify(values)} ${name}`);
    }
  });
});
