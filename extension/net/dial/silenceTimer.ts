// Detects a connection without a sign of life for too long.

export type SilenceTimer = {
  /** A sign of life came. */
  readonly touch: () => void;
  /** Pauses until the next `touch`: the socket is not being read. */
  readonly suspend: () => void;
  readonly stop: () => void;
};

/** Calls `silent` once, after `silenceMs` without a touch. */
export function startSilenceTimer(silenceMs: number, silent: () => void): SilenceTimer {
  let timer: NodeJS.Timeout | undefined;
  let lastChance: NodeJS.Immediate | undefined;
  let stopped = false;

  const clear = (): void => {
    clearTimeout(timer);
    clearImmediate(lastChance);
  };
  const start = (): void => {
    timer = setTimeout(() => {
      // After the process was blocked, its timers run before its sockets are read: give waiting data a chance to count.
      lastChance = setImmediate(() => {
        lastChance = setImmediate(silent);
      });
    }, silenceMs);
  };
  start();

  return {
    touch() {
      if (stopped) return;
      clear();
      start();
    },
    suspend: clear,
    stop() {
      stopped = true;
      clear();
    },
  };
}
