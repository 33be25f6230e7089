// What is attached in a composer, while the host's answers are still on their way.
import assert from "node:assert/strict";
import type { PageMessage, SessionView } from "../../../../protocol/webview.ts";
import { AttachedCode } from "../../../../webview/store/attachedCode.ts";
import { session } from "../../../webview/pageData.ts";

const one = session(1);

describe("what is attached", () => {
  const start = () => {
    const posted: PageMessage[] = [];
    const code = new AttachedCode({
      post: (message) => void posted.push(message),
      persist: () => undefined,
      persisted: null,
    });
    /** Whether the page shows it while the host has it. */
    const shows = (id: string): boolean => {
      const attached = { kind: "output", id, bytes: 1 } as const;
      const view: SessionView = {
        ...{ number: one, name: "bobby", state: "open", unread: 0, start: 0, end: 0, pending: [], attached },
      };
      return code.of(view) !== undefined;
    };
    return { code, posted, shows };
  };

  it("is gone at once when it is removed or sent", () => {
    const { code, posted, shows } = start();
    assert.equal(shows("a"), true);
    code.remove(one, "a");
    assert.deepEqual(posted, [{ type: "detach", session: one }]);
    assert.deepEqual([shows("a"), shows("b")], [false, true]);
    code.sent("b");
    assert.equal(shows("b"), false);
    code.sent(undefined);
    assert.equal(shows("b"), false);
  });

  it("comes back when it was not sent, and what was removed after it does not", () => {
    const { code, shows } = start();
    code.sent("a");
    code.putBack("a");
    assert.equal(shows("a"), true);
    code.sent("a");
    code.remove(one, "b");
    code.putBack("a");
    code.putBack(undefined);
    assert.equal(shows("b"), false);
  });
});
