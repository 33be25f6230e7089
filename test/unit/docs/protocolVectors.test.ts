// The test vectors in docs/PROTOCOL.md are what the code makes of them.
import assert from "node:assert/strict";
import { createHash, pbkdf2Sync, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { makeIdentity, pinOf } from "../../../extension/net/identity/identity.ts";
import { verificationNumber } from "../../../extension/net/identity/verificationNumber.ts";
import { Pin, PublicKey, Signature } from "../../../protocol/fields.ts";
import { looksOf } from "../../../protocol/lookalikes.ts";
import { parseName } from "../../../protocol/nameRules.ts";
import { nameKey } from "../../../protocol/names.ts";
import { joinStatement } from "../../../protocol/rendezvous.ts";
import { provenPin } from "../../../server/joining/joinProof.ts";
import { codeBlocks, quoted, rowsOf, section } from "./protocolDocument.ts";

const vectors = section("### Test vectors");
const [pem = "", keyLines = "", statement = "", proofLines = "", certificate = "", numberLines = ""] =
  codeBlocks(vectors);
const [spki = "", pin = ""] = keyLines.trim().split("\n");

describe("docs/PROTOCOL.md: test vectors", () => {
  it("has a key with its public key and pin", async () => {
    const identity = await makeIdentity(pem);
    assert.deepEqual([identity.spki, identity.pin], [spki, pin]);
  });

  it("has what a join signs, its digest, and a signature that fits nothing else", () => {
    const [, host = "", nonce = "", , name = ""] = statement.trim().split("\n");
    const [digest, sig] = proofLines.trim().split("\n");
    const key = v.parse(PublicKey, spki);
    assert.equal(joinStatement(host, nonce, key, name), statement.trim());
    assert.equal(createHash("sha256").update(statement.trim()).digest("hex"), digest);
    assert.ok(vectors.includes(`these ${String(Buffer.byteLength(statement.trim()))} bytes`));
    const proof = { spki: key, sig: v.parse(Signature, sig), name };
    assert.equal(provenPin(proof, [host], nonce), pin);
    assert.equal(provenPin(proof, [host], "another nonce"), undefined);
    assert.equal(provenPin(proof, ["127.0.0.1:43210"], nonce), undefined);
    const form = codeBlocks(section("### Signing a join"))[0]?.trim().split("\n");
    assert.deepEqual(form, [statement.split("\n")[0], "HOST", "NONCE", "SPKI", "NAME"]);
  });

  it("has a certificate over that key", () => {
    const { publicKey } = new X509Certificate(certificate);
    assert.equal(pinOf(publicKey.export({ type: "spki", format: "der" })), pin);
  });

  it("has a safety number, and each step to it", async () => {
    const [other = "", own = "", others = "", number = ""] = numberLines.trim().split("\n\n");
    const steps = [pin, other].map((each) => {
      const bytes = pbkdf2Sync(Buffer.from(each, "base64url"), "fork-chat number 2", 5_200, 30, "sha512");
      const groups = [0, 5, 10, 15, 20, 25].map((at) => bytes.readUIntBE(at, 5) % 100_000);
      return `${bytes.toString("hex")}\n${groups.map((group) => String(group).padStart(5, "0")).join(" ")}`;
    });
    assert.deepEqual([own, others], steps);
    const digits = await verificationNumber(v.parse(Pin, pin), v.parse(Pin, other));
    assert.equal(digits.replace(/(\d{5})(?=\d)/gu, "$1 "), number);
  });

  it("has names with what becomes of them", () => {
    const rows = rowsOf(section("### Names"));
    const requests = rows.filter(({ Requested }) => Requested !== undefined);
    assert.ok(requests.length > 5);
    for (const { Requested = "", Result = "", "Name key": key = "" } of requests) {
      const name = parseName(quoted(Requested)[0] ?? "");
      assert.equal(name.ok ? name.value : name.error.code, quoted(Result)[0], Requested);
      if (name.ok) assert.equal(nameKey(name.value), quoted(key)[0], Requested);
    }
    const pairs = rows.filter(({ Names }) => Names !== undefined);
    assert.ok(pairs.length > 3);
    for (const { Names = "", "Look alike?": answer = "" } of pairs) {
      const [a = "", b = ""] = quoted(Names);
      assert.ok(parseName(a).ok && parseName(b).ok, Names);
      const isShared = nameKey(a) !== nameKey(b) && looksOf(a).some((look) => looksOf(b).includes(look));
      assert.equal(isShared, answer === "yes", Names);
    }
  });

  it("has the pairs of look-alikes beyond the table of UTS #39", () => {
    const source = readFileSync(new URL("../../../protocol/lookalikes.ts", import.meta.url), "utf8");
    const real = [...source.matchAll(/^ {4}"([^"]+)"/gmu)].map(([, line = ""]) => line.trim());
    assert.equal(codeBlocks(section("### Names"))[0]?.trim(), real.join("\n"));
  });
});
