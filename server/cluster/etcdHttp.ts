// HTTP to the members of etcd: single answers and streams of lines, each with a time limit.
import { Agent, request as requestPlain, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as TlsAgent, request as requestTls } from "node:https";
import { err, type Result } from "../../protocol/result.ts";
import { readAnswer, readLines } from "./boundedAnswer.ts";
import { connectionFault, fault, reportedFault, type Fault } from "./etcdFaults.ts";

/** PEM. */
export type EtcdTls = {
  readonly ca: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
};

export type EtcdRequest = {
  readonly endpoint: string;
  readonly path: string;
  readonly body: unknown;
  readonly token: string | undefined;
  /** From now until the whole answer, or the first line of a stream, has arrived. */
  readonly timeoutMs: number;
};

export type StreamHandlers = {
  /** Returns the fault that the line shows. It ends the stream. */
  readonly onLine: (line: unknown) => Fault | undefined;
  /** Called once, unless the stream was stopped. Nothing is called after it. */
  readonly onEnd: (end: Fault) => void;
};

/** Undefined: without TLS. Returns another object once the files are renewed. */
export type CurrentTls = () => EtcdTls | undefined;

type Agents = { readonly tls: EtcdTls | undefined; readonly calls: Agent; readonly streams: Agent };

type Sending = { readonly request: ClientRequest; readonly isSent: () => boolean };

/** After this long without a byte, the system asks whether the other end is still there. */
const PROBE_MS = 2_000;

/** A member without a leader ends a stream, instead of staying silent. A call waits: there may be a leader in time. */
const REQUIRE_LEADER = { "Grpc-Metadata-hasleader": "true" };

export class EtcdHttp {
  readonly #isTls: boolean;
  readonly #tls: CurrentTls;
  #agents: Agents;
  #isClosed = false;

  /** @param isTls whether the endpoints are `https:` */
  constructor(isTls: boolean, tls: CurrentTls) {
    this.#isTls = isTls;
    this.#tls = tls;
    this.#agents = agentsFor(isTls, tls());
  }

  /** The JSON of an answer with status 200. */
  post(request: EtcdRequest): Promise<Result<unknown, Fault>> {
    return new Promise((resolve) => {
      const settle = (result: Result<unknown, Fault>): void => {
        clearTimeout(timer);
        if (!result.ok) sending.request.destroy();
        resolve(result);
      };
      const timer = setTimeout(
        () => settle(err(fault("timeout", "no answer in time", sending.isSent()))),
        request.timeoutMs,
      );
      const sending = this.#send(
        request,
        "calls",
        (response) => readAnswer(response, (body) => settle(judge(response.statusCode, body))),
        (end) => settle(err(end)),
      );
    });
  }

  /** Returns a function that stops the stream. */
  open(request: EtcdRequest, { onLine, onEnd }: StreamHandlers): () => void {
    let isOver = false;
    const stop = (): void => {
      isOver = true;
      clearTimeout(timer);
      sending.request.destroy();
    };
    const end = (why: Fault): void => {
      if (isOver) return;
      stop();
      onEnd(why);
    };
    const timer = setTimeout(() => end(fault("timeout", "no answer in time", true)), request.timeoutMs);
    const take = (line: unknown): void => {
      if (isOver) return;
      clearTimeout(timer);
      const shown = reportedFault(line) ?? onLine(line);
      if (shown !== undefined) end(shown);
    };
    const sending = this.#send(
      request,
      "streams",
      (response) => {
        if (response.statusCode === 200) return readLines(response, take, end);
        readAnswer(response, (body) => {
          const judged = judge(response.statusCode, body);
          if (!judged.ok) end(judged.error);
        });
        return undefined;
      },
      end,
    );
    return stop;
  }

  /** Breaks the connections of calls. Nothing can be sent after it. Streams are stopped one by one. */
  close(): void {
    this.#isClosed = true;
    this.#agents.calls.destroy();
  }

  /** With renewed certificates, new connections. What is on its way ends on the connection that it has. */
  #currentAgents(): Agents {
    const tls = this.#tls();
    const { calls } = this.#agents;
    if (tls === this.#agents.tls) return this.#agents;
    this.#agents = agentsFor(this.#isTls, tls);
    calls.maxFreeSockets = 0;
    for (const socket of Object.values(calls.freeSockets).flat()) socket?.destroy();
    return this.#agents;
  }

  #send(
    { endpoint, path, body, token }: EtcdRequest,
    kind: "calls" | "streams",
    onResponse: (response: IncomingMessage) => void,
    onError: (end: Fault) => void,
  ): Sending {
    const text = JSON.stringify(body);
    let isSent = false;
    const request = (this.#isTls ? requestTls : requestPlain)(new URL(path, endpoint), {
      ...{ method: "POST", agent: this.#currentAgents()[kind] },
      headers: {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(text),
        ...(kind === "streams" ? REQUIRE_LEADER : {}),
        ...(token === undefined ? {} : { Authorization: token }),
      },
    });
    request.once("socket", (socket) => {
      if (request.reusedSocket) isSent = true;
      else socket.once(this.#isTls ? "secureConnect" : "connect", () => (isSent = true));
    });
    request.once("response", onResponse);
    request.on("error", (error) => onError(connectionFault(error, isSent)));
    request.end(text);
    if (this.#isClosed) request.destroy();
    return { request, isSent: () => isSent };
  }
}

function agentsFor(isTls: boolean, tls: EtcdTls | undefined): Agents {
  const agent = (keepAlive: boolean): Agent => {
    const options = { keepAlive, keepAliveMsecs: PROBE_MS };
    return isTls ? new TlsAgent({ ...options, ...tls, minVersion: "TLSv1.2" }) : new Agent(options);
  };
  return { tls, calls: agent(true), streams: agent(false) };
}

function judge(status: number | undefined, body: Result<unknown, Fault>): Result<unknown, Fault> {
  if (!body.ok) return body;
  const reported = reportedFault(body.value);
  if (reported !== undefined) return err(reported);
  return status === 200 ? body : err(fault("invalid", `HTTP ${String(status)}`, true));
}
