// Calls to etcd. Each goes to the member that worked last, with a token if there is a user.
import * as v from "valibot";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { Log } from "../base/log.ts";
import type { EtcdResult } from "./etcd.ts";
import { fault, isOfMember, type Fault } from "./etcdFaults.ts";
import type { EtcdHttp, StreamHandlers } from "./etcdHttp.ts";
import { TokenAnswer } from "./etcdWire.ts";

export type EtcdUser = { readonly name: string; readonly password: string };

export type Call<Schema extends v.GenericSchema> = {
  readonly path: string;
  readonly body: unknown;
  readonly schema: Schema;
  /** Whether making it twice does no more than making it once. */
  readonly isRepeatable: boolean;
  readonly timeoutMs: number;
};

export type CallsDependencies = {
  readonly endpoints: readonly [string, ...string[]];
  readonly http: EtcdHttp;
  readonly user: EtcdUser | undefined;
  readonly log: Log;
};

type Token = Result<string | undefined, Fault>;

export class EtcdCalls {
  readonly #deps: CallsDependencies;
  #endpoint: string;
  /** All members accept it, until they have restarted or it has expired. */
  #token: string | undefined;
  #nextToken: Promise<Token> | undefined;

  constructor(deps: CallsDependencies) {
    this.#deps = deps;
    this.#endpoint = deps.endpoints[0];
  }

  async call<Schema extends v.GenericSchema>(call: Call<Schema>): Promise<EtcdResult<v.InferOutput<Schema>>> {
    const end = performance.now() + call.timeoutMs;
    let isTokenNew = false;
    for (let attempts = 1; ; attempts++) {
      const token = await this.#validToken(end);
      const result = token.ok ? await this.#post(call, token.value, end) : token;
      if (result.ok) return result;
      const { code, message, uncertain } = result.error;
      const isLate = performance.now() >= end;
      if (token.ok && this.#isRefused(token.value, code) && !isTokenNew && !isLate) {
        isTokenNew = true;
        continue;
      }
      const mayRepeat = call.isRepeatable || !uncertain;
      if (isOfMember(result.error) && mayRepeat && attempts < this.#deps.endpoints.length && !isLate)
        continue;
      return err({ code, message, inDoubt: uncertain && !call.isRepeatable });
    }
  }

  /** Opens a stream at the member that worked last. Returns a function that stops it. */
  stream(path: string, body: unknown, timeoutMs: number, { onLine, onEnd }: StreamHandlers): () => void {
    let isStopped = false;
    let stop = (): void => undefined;
    const open = (token: Token): void => {
      if (isStopped) return;
      if (!token.ok) return onEnd(token.error);
      const endpoint = this.#endpoint;
      const end = (why: Fault): void => {
        this.#leave(endpoint, why);
        this.#isRefused(token.value, why.code);
        onEnd(why);
      };
      const request = { endpoint, path, body, token: token.value, timeoutMs };
      stop = this.#deps.http.open(request, { onLine, onEnd: end });
    };
    void this.#validToken(performance.now() + timeoutMs).then(open);
    return () => {
      isStopped = true;
      stop();
    };
  }

  /** Whether a token was refused. It is not used again. */
  #isRefused(token: string | undefined, code: Fault["code"]): boolean {
    if (code !== "unauthenticated" || token === undefined) return false;
    if (this.#token === token) this.#token = undefined;
    return true;
  }

  async #validToken(end: number): Promise<Token> {
    if (this.#deps.user === undefined || this.#token !== undefined) return ok(this.#token);
    this.#nextToken ??= this.#fetchToken(this.#deps.user, end).finally(() => (this.#nextToken = undefined));
    return this.#nextToken;
  }

  async #fetchToken(user: EtcdUser, end: number): Promise<Token> {
    const call = { path: "/v3/auth/authenticate", body: user, schema: TokenAnswer };
    const result = await this.#post(call, undefined, end);
    // What the token was wanted for was not sent.
    if (!result.ok) return err({ ...result.error, uncertain: false });
    this.#token = result.value.token;
    return ok(this.#token);
  }

  async #post<Schema extends v.GenericSchema>(
    { path, body, schema }: Pick<Call<Schema>, "path" | "body" | "schema">,
    token: string | undefined,
    end: number,
  ): Promise<Result<v.InferOutput<Schema>, Fault>> {
    const endpoint = this.#endpoint;
    const timeoutMs = Math.max(0, end - performance.now());
    const answer = await this.#deps.http.post({ endpoint, path, body, token, timeoutMs });
    if (!answer.ok) {
      this.#leave(endpoint, answer.error);
      return answer;
    }
    const parsed = v.safeParse(schema, answer.value);
    if (parsed.success) return ok(parsed.output);
    const why = fault("invalid", `${path}: unexpected ${v.getDotPath(parsed.issues[0]) ?? "answer"}`, true);
    this.#leave(endpoint, why);
    return err(why);
  }

  /** Lets the next calls go to another member, unless an earlier fault has done so. */
  #leave(endpoint: string, why: Fault): void {
    if (!isOfMember(why)) return;
    this.#deps.log("warn", "etcd-fault", { endpoint, code: why.code, problem: why.message });
    if (this.#endpoint !== endpoint) return;
    const { endpoints } = this.#deps;
    this.#endpoint = endpoints[(endpoints.indexOf(endpoint) + 1) % endpoints.length] ?? endpoint;
  }
}
