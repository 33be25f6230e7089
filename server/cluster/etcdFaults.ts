// What went wrong with a call, as etcd, HTTP or TLS tell it.
import * as v from "valibot";
import type { EtcdErrorCode } from "./etcd.ts";
import { ErrorAnswer } from "./etcdWire.ts";

export type Fault = {
  readonly code: EtcdErrorCode;
  readonly message: string;
  /** Whether the engine may have done, or may still do, what was asked. */
  readonly uncertain: boolean;
};

/** The longest part of a message that goes to the log. */
const MOST_CHARACTERS = 200;

/** gRPC's codes of errors after which etcd has not done anything. Others, such as its own timeout, leave that open. */
const CERTAIN: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 9, 11, 12, 16]);

/** etcd reports these with codes that also mean other things. */
const MESSAGES: readonly (readonly [part: string, code: EtcdErrorCode])[] = [
  ["required revision has been compacted", "compacted"],
  ["database space exceeded", "no-space"],
  ["invalid auth token", "unauthenticated"],
  ["invalid user ID or password", "unauthenticated"],
  ["user name is empty", "unauthenticated"],
  ["authentication is not enabled", "unauthenticated"],
  ["requested lease not found", "no-lease"],
  ["revision of auth store is old", "unauthenticated"],
];

export function fault(code: EtcdErrorCode, message: string, uncertain: boolean): Fault {
  return { code, message: message.slice(0, MOST_CHARACTERS), uncertain };
}

/** The fault in an answer; undefined: it reports none. */
export function reportedFault(answer: unknown): Fault | undefined {
  const parsed = v.safeParse(ErrorAnswer, answer);
  if (!parsed.success) return undefined;
  const { message, code } = parsed.output;
  return fault(codeOf(message), `${message} (${code})`, !CERTAIN.has(code));
}

/** What an error's message means. */
export function codeOf(message: string): EtcdErrorCode {
  return MESSAGES.find(([part]) => message.includes(part))?.[1] ?? "refused";
}

/** A connection that failed. @param sent whether the request may have reached the engine */
export function connectionFault(error: Error, sent: boolean): Fault {
  const { code = "" } = error as NodeJS.ErrnoException;
  // In TLS 1.3, the engine refuses a certificate after the handshake has ended for this side.
  if (/ALERT_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/.test(code))
    return fault("unauthenticated", error.message, false);
  return fault("unreachable", error.message, sent);
}

/** Whether another member may do better. */
export function isOfMember({ code, uncertain }: Fault): boolean {
  return code === "unreachable" || code === "timeout" || code === "invalid" || uncertain;
}
