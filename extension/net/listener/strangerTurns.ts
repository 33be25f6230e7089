// Handshakes of connections that have not proven a key. Each can make this window sign and compute, so their pieces per second
// are limited, in rotation between addresses: one address that sends many does not keep others waiting.
import { TokenBucket } from "../../../protocol/tokenBucket.ts";
import type { Turns } from "../dial/handshakeGuard.ts";
import type { NetContext } from "../dial/netContext.ts";

type Job = () => void;

/** @returns the turns of one address */
export function createStrangerTurns({ limits, turns, clock }: NetContext): (address: string) => Turns {
  const bucket = new TokenBucket(limits.strangerPiecesPerSecond, limits.strangerPieceBurst, clock());
  /** By address, the next one first. */
  const waiting = new Map<string, Set<Job>>();
  let isScheduled = false;
  let timer: NodeJS.Timeout | undefined;

  const schedule = (): void => {
    if (isScheduled || timer !== undefined || waiting.size === 0) return;
    const wait = bucket.wait(clock());
    if (wait > 0) {
      timer = setTimeout(() => {
        timer = undefined;
        schedule();
      }, wait);
      return;
    }
    isScheduled = true;
    turns(next);
  };
  const next = (): void => {
    isScheduled = false;
    const [first] = waiting;
    if (first === undefined) return;
    const [address, jobs] = first;
    const [job] = jobs;
    waiting.delete(address);
    if (job === undefined) return schedule();
    jobs.delete(job);
    if (jobs.size > 0) waiting.set(address, jobs);
    bucket.take(clock());
    schedule();
    job();
  };

  return (address) => (job) => {
    const jobs = waiting.get(address) ?? new Set();
    waiting.set(address, jobs.add(job));
    schedule();
    return () => {
      const left = waiting.get(address);
      if (left?.delete(job) === true && left.size === 0) waiting.delete(address);
      if (waiting.size > 0) return;
      clearTimeout(timer);
      timer = undefined;
    };
  };
}
