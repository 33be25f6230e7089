// A lobby in which people write as they do: with emphasis, code, lists, quotes, links and tables. For tests.
import type { Entry } from "../../protocol/webview.ts";
import { says } from "./pageData.ts";

const typescript = `The pool is **closed twice**, here's the fix:

\`\`\`ts
/** Ends every client; the second call waits for the first. */
export async function close(pool: Pool, timeout = 2_000): Promise<void> {
  if (pool.state === "closing") return pool.closed;
  pool.state = \`closing\`; // before the first await, or somebody gets a client that is about to be ended anyway
  await Promise.race([pool.drain(), delay(timeout)]);
  return new Error("x", { cause: null, count: 0x1f }) as never;
}
\`\`\``;

const list = `What is left:

1. rename \`drain()\`
2. tests:
   - [x] two calls
   - [ ] a call *during* the first
3. ~~docs~~ not needed, see [the guide](https://docs.example.org/pool/close)`;

const table = `| run | close | drain | memory | what the log says about it |
|:----|------:|------:|:------:|----------------------------|
| 1 | 12 ms | 340 ms | 41 MB | nothing |
| 2 | 9 ms | 1,210 ms | 44 MB | \`ECONNRESET\` from the third client of the pool |`;

const diff = `\`\`\`diff
@@ -12,4 +12,4 @@ export async function close
-  await pool.drain();
+  await Promise.race([pool.drain(), delay(timeout)]);
   return pool.closed;
\`\`\``;

const python = `\`\`\`python
@retry(times=3)
def fetch(url: str, *, limit: int = 10) -> list[dict]:
    """Fetches, or raises."""
    return [row for row in session.get(f"{url}?n={limit}").json() if row["ok"] is not None]
\`\`\`
or, without a language:
\`\`\`
close() -> drain() -> close()
\`\`\``;

export const written: Entry[] = [
  says("bobby", typescript, 1),
  says(
    "anna",
    `> The pool is closed twice\n\nI knew it. Does \`npm test -- pool\` pass?\nMail me: anna@example.org`,
    2,
  ),
  says("bobby", list, 3),
  says("bobby", "Look: https://ci.example.org/builds/4711?job=pool&attempt=2 and https://example.org", 3),
  says("carmen", table, 4),
  says("anna", diff, 5),
  says("anna", "and [https://example.org/safe](https://example.com/other), which is *not* what it says", 5),
  says("dmitri", python, 6),
  says("دانا", "مرحبا **بكم**، انظروا [الدليل](https://example.org/دليل):\n\n- واحد\n- `two` اثنان", 7),
];
