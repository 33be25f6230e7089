// The log interface of the network. Message texts and tokens are never passed to it.

export type NetLog = {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
};

/** Logs the failure of work that nothing waits for. */
export function warnOfFailure(log: NetLog, work: PromiseLike<unknown>): void {
  work.then(undefined, (error: unknown) => log.warn(`Unexpected failure: ${String(error)}`));
}
