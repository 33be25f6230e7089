// Tells when a connection has given no sign of life for too long.

export type SilenceTimer = {
  /** A sign of life came. */
  readonly touch: () => void;
  /** Does not count until the next `touch`: the socket is not being read. */
  readonly suspend: () => void;
  readonly stop: () => void;
};

/** Calls `silent` once, when `silenceMs` have passed without a touch. */
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
      // After a process was blocked its timers run before its sockets are read: let what has come count.
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
