// One run of the model: a tape of numbers decides what happens; afterwards nothing may be missing, duplicated or out of
// order.
import assert from "node:assert/strict";
import { ResumeModel, type CoreModule } from "./resumeModel.ts";
import type { Side } from "./resumeCast.ts";

/** Mostly everyday actions, and sometimes a fault. */
const ACTIONS = [
  ...["say", "say", "say", "say", "edit", "deliver", "deliver", "deliver", "deliver", "deliver", "deliver"],
  ...["connect", "connect", "connect", "timer", "timer", "timer", "timer"],
  ...["cut", "swallow", "silence", "lose", "double", "swap", "fail", "restart", "network"],
] as const;

/** Throws an AssertionError if something was lost, duplicated, or reordered. */
export function runResume(core: CoreModule, tape: readonly number[], forgetting: boolean): void {
  let at = 0;
  const next = (below: number): number => {
    const value = tape[at++] ?? 0;
    return below <= 0 ? 0 : value % below;
  };
  let dice = 1;
  const random = (): number => (dice = (dice * 16_807) % 2_147_483_647) / 2_147_483_647;
  const model = new ResumeModel(core, random);
  while (at < tape.length) {
    const action = ACTIONS[next(ACTIONS.length)] ?? "deliver";
    const side: Side = next(2) === 0 ? 0 : 1;
    const { links, dials } = model.links;
    const link = links[next(links.length)];
    switch (action) {
      case "say":
        model.say(side);
        break;
      case "edit":
        model.edit(side, next(8));
        break;
      case "deliver":
        if (link !== undefined) model.links.deliver(link, side);
        break;
      case "connect":
      case "fail": {
        const dial = dials[next(dials.length)];
        if (dial !== undefined) model.links.connect(dial, action === "connect");
        break;
      }
      case "timer": {
        const keys = [...model.timers[side]];
        const key = keys[next(keys.length)];
        if (key !== undefined) model.fire(side, key);
        break;
      }
      case "cut":
        if (link !== undefined) model.links.cut(link, side);
        break;
      case "swallow":
        if (link !== undefined) link.swallows = true;
        break;
      case "silence":
        model.links.silence();
        break;
      case "lose":
      case "double":
      case "swap":
        if (link !== undefined) model.links[action](link, side);
        break;
      case "restart":
        model.restart(side, forgetting && next(3) === 0);
        break;
      case "network":
        // The machine has moved: the core redials everyone.
        model.dispatch(side, {
          type: "listener/ready",
          port: 4000 + side,
          addresses: [{ host: "10.0.0.1", port: 4000 + side }],
        });
        break;
    }
    model.links.forget();
  }
  model.settle();
  judge(model);
}

function judge(model: ResumeModel): void {
  for (const side of [0, 1] as const) {
    const peer = side === 0 ? 1 : 0;
    const heard = model.heard[peer];
    const said = model.said[side];
    assert.equal(new Set(heard).size, heard.length, "nothing is told twice");
    const places = heard.map((text) => said.indexOf(text));
    assert.ok(
      places.every((place, i) => place >= 0 && (i === 0 || place > (places[i - 1] ?? -1))),
      `in order: ${heard.join(" ")}`,
    );
    const told = new Set([...heard, ...model.doubted(side)]);
    const missing = said.filter((text) => !told.has(text));
    assert.deepEqual(missing, [], "nothing is lost without a word");
    if (model.lostMemories === 0) {
      assert.deepEqual(heard, said, "without a lost memory everything arrives");
      assert.deepEqual(model.standing(side, peer), model.standing(side, side), "and reads the same");
    }
    assert.notEqual(model.session(side)?.link, "ended", "the session lives on");
  }
  assert.ok(model.isQuiet(), "both ends have the same link, and nothing waits");
}
