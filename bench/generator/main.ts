// The load generator's process: receives tasks from the benchmark over its channel, and answers each. Ends with the channel.
import * as v from "valibot";
import { Crowd } from "./crowd.ts";
import { noCost, Task, type Answer } from "./tasks.ts";

let crowd: Crowd | undefined;

async function perform(task: Task): Promise<Answer> {
  if (task.kind === "open") {
    crowd = new Crowd(task.server);
    return crowd.open(task);
  }
  if (crowd === undefined) throw new Error("No one has joined");
  switch (task.kind) {
    case "saturate":
      return crowd.saturate(task);
    case "pace":
      return crowd.pace(task);
    case "rejoin":
      return crowd.rejoin(task.ports);
    case "rest":
      return crowd.rest(task.ms);
    case "stall":
      return crowd.stall();
    case "unstall":
      return crowd.unstall();
    case "close":
      crowd.close();
      crowd = undefined;
      return noCost;
  }
}

process.on("message", (message) => {
  perform(v.parse(Task, message)).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ ...noCost, error: String(error) }),
  );
});
process.on("disconnect", () => process.exit());
