import assert from "node:assert/strict";
import fc from "fast-check";
import { UserList, type User } from "../../../../server/lobby/userList.ts";

const name = fc.constantFrom("anna", "ann", "bobby", "中", "a", "b_2");
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("comes" as const), name }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("leaves" as const), name }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("changes" as const),
      name,
      state: fc.constantFrom("here", "away", "busy" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("is asked for" as const), name }) },
);

describe("the list of users", () => {
  it("always equals a freshly built one, and never changes for clients that already have it", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const users = new Map<string, User>();
        let made = 0;
        const list = new UserList(() => {
          made += 1;
          return users.values();
        });
        const told: { readonly items: Buffer; readonly text: string }[] = [];
        for (const action of steps) {
          switch (action.kind) {
            case "comes":
              if (users.has(action.name)) break;
              users.set(action.name, { name: action.name });
              list.append({ name: action.name });
              break;
            case "leaves":
              if (users.delete(action.name)) list.remove(action.name);
              break;
            case "changes": {
              if (!users.has(action.name)) break;
              const user = { name: action.name, state: action.state };
              users.set(action.name, user);
              list.replace(user);
              break;
            }
            case "is asked for": {
              const items = list.items();
              const text = items.toString();
              assert.equal(`[${text}]`, JSON.stringify([...users.values()]));
              told.push({ items, text });
            }
          }
        }
        for (const { items, text } of told) assert.equal(items.toString(), text);
        assert.ok(steps.length > 16 || made <= 1, "few changes do not make it anew");
      }),
      { numRuns: 1000 },
    );
  });
});
