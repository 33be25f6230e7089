// A user's keys and tokens in the secret storage: made once, kept, never lost for a storage that fails, never logged.
import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { Keyring, type KeyLoss, type Secrets } from "../../../../extension/host/trust/keyring.ts";

const URL = "ws://127.0.0.1:43210";

describe("the keyring", () => {
  let stored: Map<string, string>;
  let remembered: Map<string, boolean>;
  let warnings: string[];
  let replaced: [name: string, loss: KeyLoss][];
  const log = { warn: (text: string): void => void warnings.push(text) };
  const working: Secrets = {
    get: (key) => Promise.resolve(stored.get(key)),
    store: (key, value) => {
      stored.set(key, value);
      return Promise.resolve();
    },
  };
  const memory = {
    get: (key: string) => remembered.get(key),
    update: (key: string, value: boolean) => Promise.resolve(void remembered.set(key, value)),
  };
  const open = (secrets: Secrets): Keyring =>
    new Keyring(secrets, memory, log, (name, loss) => replaced.push([name, loss]));
  const broken = (): Promise<never> => Promise.reject(new Error("the storage is locked"));

  beforeEach(() => {
    stored = new Map();
    remembered = new Map();
    warnings = [];
    replaced = [];
  });

  it("creates a P-256 key for a name, and returns it again, in a later window too", async () => {
    const key = await open(working).key("anna");
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(key);
    assert.deepEqual([asymmetricKeyType, asymmetricKeyDetails?.namedCurve], ["ec", "prime256v1"]);
    assert.match(key, /^-----BEGIN PRIVATE KEY-----\n/u);
    assert.equal(await open(working).key("anna"), key);
    assert.deepEqual([[...stored.keys()], warnings], [["forkchat.key:anna"], []]);
  });

  it("has one per name, and the same for all spellings of a name", async () => {
    const keyring = open(working);
    const [anna, bobby] = [await keyring.key("anna"), await keyring.key("bobby")];
    assert.notEqual(anna, bobby);
    for (const same of ["Anna", "ANNA", "ａｎｎａ"]) assert.equal(await keyring.key(same), anna, same);
  });

  it("uses the key of another window that was faster", async () => {
    const other = await open(working).key("anna");
    const late: Secrets = {
      // At the first look there is nothing yet.
      get: (key) => Promise.resolve(stored.has("looked") ? stored.get(key) : undefined),
      store: () => working.store("looked", "yes"),
    };
    assert.equal(await open(late).key("anna"), other);
  });

  for (const [what, secrets] of [
    ["cannot be read", { ...working, get: broken }],
    ["cannot be written", { ...working, store: broken }],
    ["forgets at once", { ...working, store: () => Promise.resolve() }],
  ] as const) {
    it(`keeps using one key for as long as the window lasts when the storage ${what}`, async () => {
      const keyring = open(secrets);
      const key = await keyring.key("anna");
      assert.equal(await keyring.key("ANNA"), key);
      assert.notEqual(await keyring.key("bobby"), key);
      assert.notEqual(await open(secrets).key("anna"), key);
      const body = key.split("\n")[1] ?? "";
      assert.ok(body.length > 30 && !warnings.join("\n").includes(body));
    });
  }

  it("reports when the storage fails", async () => {
    await open({ ...working, store: broken }).key("anna");
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /lasts only as long as this window: Error: the storage is locked/u);
  });

  it("keeps one token per server", async () => {
    const keyring = open(working);
    await keyring.keepToken(URL, "first");
    await keyring.keepToken("wss://example.org", "second");
    assert.deepEqual(
      [await keyring.token(URL), await keyring.token("wss://example.org"), await keyring.token("ws://other")],
      ["first", "second", undefined],
    );
    await keyring.keepToken(URL, "third");
    assert.equal(await open(working).token(URL), "third");
  });

  it("keeps one token for all spellings of a server's URL", async () => {
    const keyring = open(working);
    await keyring.keepToken("WS://LOCALHOST:43210/", "first");
    for (const spelling of [URL, "ws://localhost:43210", "ws://127.1:43210"])
      assert.equal(await keyring.token(spelling), "first", spelling);
    assert.deepEqual([...stored.keys()], [`forkchat.token:${URL}`]);
  });

  for (const former of ["ws://localhost:43210", "ws://127.0.0.1:43210/"]) {
    it(`adopts a token that an earlier version saved for ${former}`, async () => {
      stored.set(`forkchat.token:${former}`, "former");
      assert.equal(await open(working).token(URL), "former");
      assert.equal(stored.get(`forkchat.token:${URL}`), "former");
      await open(working).keepToken(URL, "newer");
      assert.equal(await open(working).token(former), "newer");
    });
  }

  it("never gives the token of a server at one loopback address to the other one", async () => {
    for (const [own, other] of [
      ["ws://127.0.0.1:43210", "ws://[::1]:43210"],
      ["ws://localhost:43211", "ws://[::1]:43211/"],
      ["ws://[::1]:43212", "ws://localhost:43212"],
      ["ws://[::1]:43213", "ws://127.0.0.1:43213"],
    ] as const) {
      const keyring = open(working);
      await keyring.keepToken(own, "secret");
      assert.equal(await keyring.token(other), undefined, other);
      assert.equal(await keyring.token(own), "secret", own);
    }
    stored.set("forkchat.token:ws://[::1]:43214", "kept by an earlier version");
    assert.equal(await open(working).token("ws://127.0.0.1:43214"), undefined);
  });

  it("adopts a token that was saved for the exact text of the setting", async () => {
    const setting = "WSS://Chat.Example:443/";
    stored.set(`forkchat.token:${setting}`, "former");
    assert.equal(await open(working).token(setting), "former");
    assert.equal(await open(working).token("wss://chat.example"), "former");
  });

  it("has no token when the storage cannot be read, and reports a failure to save one", async () => {
    const keyring = open({ get: broken, store: broken });
    assert.equal(await keyring.token(URL), undefined);
    await assert.rejects(keyring.keepToken(URL, "secret"), /locked/u);
    assert.deepEqual(warnings, []);
  });

  const good = async (): Promise<string> => {
    const key = await open(working).key("anna");
    stored.clear();
    return key;
  };

  for (const [what, damage] of [
    ["empty", () => ""],
    ["cut short", (key: string) => key.slice(0, 60)],
    ["changed in one byte", (key: string) => key.replace(/\n./u, "\n!")],
    ["of another kind", () => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
  ] as const) {
    it(`sets aside a key that is ${what}, creates a new one once, and reports it`, async () => {
      const kept = damage(await good());
      stored.set("forkchat.key:anna", kept);
      const key = await open(working).key("Anna");
      assert.equal(createPrivateKey(key).asymmetricKeyDetails?.namedCurve, "prime256v1");
      assert.equal(stored.get("forkchat.key:anna"), key);
      assert.equal(stored.get("forkchat.damagedKey:anna"), kept);
      assert.deepEqual([replaced, warnings.length], [[["Anna", "damaged"]], 1]);
      assert.ok(kept === "" || !warnings.join("").includes(kept.slice(-20)));
      assert.equal(await open(working).key("anna"), key);
      assert.equal(replaced.length, 1);
    });
  }

  it("reports a key that the storage has forgotten, once, and for that name alone", async () => {
    const key = await open(working).key("Anna");
    // An earlier version did not remember it.
    remembered.clear();
    await open(working).key("Anna");
    stored.clear();
    assert.notEqual(await open(working).key("anna"), key);
    await open(working).key("bobby");
    await open(working).key("anna");
    assert.deepEqual(replaced, [["anna", "missing"]]);
  });

  it("uses its key also where nothing else can be remembered", async () => {
    const key = await open(working).key("anna");
    const failing = { get: () => undefined, update: broken };
    assert.equal(await new Keyring(working, failing, log).key("anna"), key);
    stored.clear();
    const made = await new Keyring(working, failing, log).key("anna");
    assert.equal(stored.get("forkchat.key:anna"), made);
  });

  it("reads a key even if an editor changed its line endings", async () => {
    const key = await good();
    stored.set("forkchat.key:anna", `\uFEFF${key.replaceAll("\n", "\r\n")}\r\n`);
    const read = await open(working).key("anna");
    assert.deepEqual(replaced, []);
    assert.equal(createPrivateKey(read).export({ type: "pkcs8", format: "pem" }), key);
  });
});
