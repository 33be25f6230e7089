// Many people who join at once, from addresses of the attacker's choice.
import { setTimeout as after } from "node:timers/promises";
import { TestClient } from "../conformance/testClient.ts";
import { TestKey } from "../support/testKey.ts";

/** Milliseconds between two looks at who is still there. */
const POLL_MS = 50;

/** Joins from an address of loopback, and asks again where the server says when it may. Returns the client and its name. */
export async function joinFrom(
  url: string,
  name: string,
  localAddress: string,
  key = new TestKey(),
): Promise<{ client: TestClient; name: string }> {
  const client = new TestClient(url, { localAddress }, key);
  await client.next("challenge");
  for (;;) {
    client.sendJoin(name);
    const answer = await client.oneOf("joined", "refused");
    if (answer.type === "joined") return { client, name: answer.name };
    if (answer.retryMs === undefined) throw new Error(`${name} was refused: ${answer.code}`);
    await after(answer.retryMs);
  }
}

/** Ends connections, and resolves once the server has noticed. `witness`: a client that stays. */
export async function cut(ends: readonly (() => void)[], witness: TestClient): Promise<void> {
  const before = await countUsers(witness);
  for (const end of ends) end();
  while ((await countUsers(witness)) > before - ends.length) await after(POLL_MS);
}

async function countUsers(witness: TestClient): Promise<number> {
  witness.send({ type: "users" });
  return (await witness.until("users")).items.length;
}
