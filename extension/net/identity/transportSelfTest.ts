// Proves, before the first peer is dialed or expected, that TLS keeps here what private sessions rely on: VS Code replaces
// parts of Node in its extension host, and builds it with another TLS library.
import { Duplex } from "node:stream";
import * as l10n from "@vscode/l10n";
import type { Identity } from "./identity.ts";
import { createTlsReception, dialTls, type TlsContext } from "./peerTls.ts";

const PROBE = "both ends hear each other";

/** Those that have succeeded, and those that run. */
const tested = new WeakMap<Identity, Promise<void>>();

/**
 * Resolves when a handshake of this key with itself went as it must; rejects with a sentence part for people. One that failed
 * is made again by the next call: the machine may just have been too busy.
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

function shakeHands(identity: Identity, context: TlsContext): Promise<void> {
  const [near, far] = pipe();
  const handshake = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => fail(l10n.t("it timed out")), context.limits.selfTestMs);
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

/** Two streams, each of which reads what is written to the other. */
function pipe(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        other().push(chunk);
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
