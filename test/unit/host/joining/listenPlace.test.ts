// Where a server of this machine listens.
import assert from "node:assert/strict";
import { listenPlace } from "../../../../extension/host/joining/listenPlace.ts";
import { refuseInterfaces } from "../../../support/networkInterfaces.ts";

describe("the place where a server listens", () => {
  it("is loopback, even if the system does not list the interfaces", async () => {
    const restore = refuseInterfaces();
    try {
      assert.deepEqual(await listenPlace("ws://127.0.0.1:43210"), {
        ok: true,
        value: { host: "127.0.0.1", port: 43210, name: undefined, isLocal: true },
      });
      assert.equal((await listenPlace("ws://192.168.1.5:43210")).ok, false);
    } finally {
      restore();
    }
  });
});
