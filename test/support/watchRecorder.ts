// Records what a watch on etcd reports. A test waits until it has recorded what it needs.
import type { Etcd, Header, Keys, WatchEnd, WatchEvent, WatchHandlers } from "../../server/cluster/etcd.ts";

/** Between two attempts to watch again, so that a member that is away is not asked without a pause. */
const PAUSE_MS = 50;

export class WatchRecorder {
  readonly revisions: { readonly revision: number; readonly events: readonly WatchEvent[] }[] = [];
  readonly alive: Header[] = [];
  readonly ends: WatchEnd[] = [];
  #stop: () => void = () => undefined;
  #wake: () => void = () => undefined;

  readonly #handlers: WatchHandlers = {
    onEvents: (revision, events) => {
      this.revisions.push({ revision, events });
      this.#wake();
    },
    onAlive: (header) => {
      this.alive.push(header);
      this.#wake();
    },
    onEnd: (end) => {
      this.ends.push(end);
      this.#wake();
    },
  };

  static of(etcd: Etcd, keys: Keys, fromRevision: number): WatchRecorder {
    const recorder = new WatchRecorder();
    recorder.#stop = etcd.watch(keys, fromRevision, recorder.#handlers);
    return recorder;
  }

  /** Watches again after each loss, from the next revision on. */
  static following(etcd: Etcd, keys: Keys, fromRevision: number): WatchRecorder {
    const recorder = new WatchRecorder();
    const follow = (): void => {
      const next = (recorder.revisions.at(-1)?.revision ?? fromRevision - 1) + 1;
      recorder.#stop = etcd.watch(keys, next, {
        ...recorder.#handlers,
        onEnd: (end) => {
          recorder.#handlers.onEnd(end);
          if (end.reason !== "lost") return;
          const timer = setTimeout(follow, PAUSE_MS);
          recorder.#stop = () => clearTimeout(timer);
        },
      });
    };
    follow();
    return recorder;
  }

  /** The values that were put, in order. */
  get values(): string[] {
    return this.revisions.flatMap(({ events }) =>
      events.flatMap((event) => (event.kind === "put" ? [event.value] : [])),
    );
  }

  async until(isEnough: (recorder: this) => boolean): Promise<void> {
    while (!isEnough(this)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  stop(): void {
    this.#stop();
  }
}
