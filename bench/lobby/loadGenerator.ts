// The load generator's process, which takes one task at a time.
import { once } from "node:events";
import * as v from "valibot";
import type { ProcessTree } from "../../scripts/processTree.ts";
import { Answer, type Server, type Task } from "../generator/tasks.ts";
import { cores, startPinned } from "./pinned.ts";
import { bundle } from "./programs.ts";

/** Joins under way at a time where it does not matter how fast they are. */
const AT_ONCE = 256;

export class LoadGenerator {
  readonly #tree: ProcessTree;

  private constructor(tree: ProcessTree) {
    this.#tree = tree;
  }

  static async start(): Promise<LoadGenerator> {
    const script = await bundle("bench/generator/main.ts");
    const tree = await startPinned(cores.generator, process.execPath, [script], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    return new LoadGenerator(tree);
  }

  /** Lets so many clients join. @param first the number of the first one */
  open(server: Server, clients: number, atOnce = AT_ONCE, first = 0): Promise<Answer> {
    return this.perform({ kind: "open", server, clients, atOnce, first });
  }

  async perform(task: Task): Promise<Answer> {
    const answered = once(this.#tree.child, "message");
    const ended = this.#tree.ended.then(() => {
      throw new Error("The load generator has ended");
    });
    this.#tree.child.send(task);
    const [message] = (await Promise.race([answered, ended])) as unknown[];
    const answer = v.parse(Answer, message);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  stop(): Promise<void> {
    return this.#tree.stop();
  }
}
