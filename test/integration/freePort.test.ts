import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { freePort } from "../support/freePort.ts";

const CALLS = 250;

/** Another process of the tests, which prints the ports that it gets. */
const OTHER = `
  const { freePort } = await import("./test/support/freePort.ts");
  for (let i = 0; i < ${CALLS}; i++) console.log(await freePort());
`;

describe("a free port", () => {
  it("is given once, whichever process of the tests asks", async () => {
    const args = ["--import", "tsx", "--input-type=module", "--eval", OTHER];
    const other = promisify(execFile)(process.execPath, args);
    const ports = [];
    for (let i = 0; i < CALLS; i++) ports.push(await freePort());
    ports.push(...(await other).stdout.trim().split("\n").map(Number));
    assert.equal(ports.length, 2 * CALLS);
    assert.equal(new Set(ports).size, ports.length);
  });
});
