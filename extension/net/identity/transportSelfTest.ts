// Verifies, before the first peer is dialed or expected, that TLS works here as private sessions require: VS Code
// replaces parts of Node.js in its extension host, and builds it with another TLS library.
import { Duplex } from "node:stream";
import * as l10n from "@vscode/l10n";
import type { Identity } from "./identity.ts";
import { createTlsReception, dialTls, type TlsContext } from "./peerTls.ts";

const PROBE = "both ends hear each other";

/** Tests that have succeeded or are running. */
const tested = new WeakMap<Identity, Promise<void>>();

/**
 * Resolves when this key's handshake with itself succeeds; rejects with a sentence part for people. The next call
 * repeats a failed test, because the machine may just have been too busy.
 */
export function testTransports(identity: Identity, context: TlsContext): Promise<void> {
  let test = tested.get(identity);
  if (test === undefined) {
    test = shakeHands(identity, context);
    tested.set(identity, test);
    test.catch(() => tested.delete(identity));
  }
  return test;
}

function shakeHands(identity: Identity, { limits, ...rest }: TlsContext): Promise<void> {
  const [near, far] = pipe();
  // Only the time of the test counts: no peer waits for this handshake.
  const context = { ...rest, limits: { ...limits, handshakeMs: limits.selfTestMs } };
  const handshake = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => fail(l10n.t("it timed out")), limits.selfTestMs);
    const fail = (why: string): void => {
      clearTimeout(timer);
      const text = l10n.t("TLS 1.3 with client certificates doesn't work in this VS Code ({0})", why);
      reject(new Error(text));
    };
    createTlsReception(identity, context, {
      expects: (pin) => pin === identity.pin,
      refused: fail,
      accepted: (socket) => socket.end(PROBE),
    })(far);
    dialTls(near, identity, identity.pin, context, {
      failed: ({ kind }) => fail(kind),
      secured: (socket) => {
        if (socket.getProtocol() !== "TLSv1.3") fail(l10n.t("wrong TLS version"));
        let heard = "";
        socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
        socket.once("end", () => {
          clearTimeout(timer);
          if (heard === PROBE) resolve();
          else fail(l10n.t("the data didn't arrive"));
        });
      },
    });
  });
  return handshake.finally(() => {
    near.destroy();
    far.destroy();
  });
}

/** Two connected streams. */
function pipe(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        // A copy, as a socket makes one: the writer gives its memory back.
        other().push(Buffer.from(chunk));
        done();
      },
      final(done) {
        other().push(null);
        done();
      },
    });
  const near: Duplex = make(() => far);
  const far: Duplex = make(() => near);
  return [near, far];
}
