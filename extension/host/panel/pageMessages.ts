// Handles the messages of the panel's page: validates each, then passes it to the store or to VS Code.
import { validate } from "../../../protocol/codec.ts";
import { assertNever } from "../../../protocol/result.ts";
import { type HostMessage, PageMessage } from "../../../protocol/webview.ts";
import { logFailure } from "../vscode/failureLog.ts";
import type { PageActions } from "./pageActions.ts";
import type { PageLink } from "./pageLink.ts";
import type { Submitter } from "./submitter.ts";
import type { Store } from "../store/store.ts";

/** What the page asks about the files in its composers. */
export type ComposerRequest = Extract<
  PageMessage,
  { type: "addFiles" | "addFile" | "notAdded" | "removeFile" | "sendFiles" }
>;

export type PageContext = {
  readonly store: Store;
  readonly log: { warn(text: string): void };
  readonly submitter: Pick<Submitter, "submit" | "draft">;
  /** What the page can do in VS Code itself. */
  readonly actions: Pick<PageActions, "openLink" | "openFile" | "copyText" | "insertCode" | "code">;
  /** The buttons on cards of files, and the files in composers. */
  readonly files: {
    act(request: Extract<PageMessage, { type: "file" }>): void;
    /** Resolves when that is done, or the user knows why not. */
    compose(request: ComposerRequest): Promise<void>;
  };
  /** The buttons on cards of changes. */
  readonly changes: { act(request: Extract<PageMessage, { type: "changes" }>): void };
  readonly run: (command: Extract<PageMessage, { type: "run" }>["command"]) => void;
};

/** @param post answers the page that sent the message */
export function receivePageMessage(
  { store, log, submitter, run, actions, files, changes }: PageContext,
  link: PageLink,
  post: (message: HostMessage) => void,
  raw: unknown,
): void {
  const decoded = validate(PageMessage, raw);
  if (!decoded.ok) {
    log.warn(`The page sent an invalid message: ${decoded.error.detail}`);
    return;
  }
  const message = decoded.value;
  switch (message.type) {
    case "ready":
      return link.ready(message.above);
    case "reading":
      return link.reading(message.session, message.atEnd);
    case "submit":
      // Its author has gone to another session, and is about to see it: they decide again.
      if (link.isBehind(message.session)) return post({ type: "submitted", id: message.id, accepted: false });
      logFailure(
        submitter
          .submit(message, () => post({ type: "asking", id: message.id }))
          .then((answer) => {
            // Show the result before answering: text written in the meantime is meant for the new session.
            link.catchUp();
            post({ type: "submitted", id: message.id, ...answer });
          }),
      );
      return;
    case "detach":
      return store.dispatch({ type: "user/attach", session: message.session, attachment: null });
    case "activate":
      store.dispatch({ type: "user/activate", session: message.session });
      return link.activated(message.id);
    case "leave":
      return store.dispatch({ type: "user/leave", session: message.session });
    case "cancelFork":
      return store.dispatch({ type: "user/cancelFork", id: message.id });
    case "more":
      return link.more(message.session, message.before);
    case "draft": {
      const draft = submitter.draft({
        ...{ session: message.session, text: message.text, about: message.about },
      });
      link.wrote(draft);
      return store.dispatch({ ...draft, type: "user/draft" });
    }
    case "retry":
      return store.dispatch({ type: "user/retry", session: message.session, id: message.id });
    case "discard":
      return store.dispatch({ type: "user/discard", session: message.session, id: message.id });
    case "verify":
      return store.dispatch({ type: "user/verify", session: message.session, open: message.open });
    case "verified":
      return store.dispatch({ type: "user/verified", session: message.session, value: message.value });
    case "retract":
      return store.dispatch({ type: "user/retract", session: message.session, index: message.index });
    case "react": {
      const { session, index, text, on } = message;
      return store.dispatch({ type: "user/react", session, index, text, on });
    }
    case "typing":
      return store.dispatch({ type: "user/typing", session: message.session, value: message.value });
    case "openLink":
      return actions.openLink(message.url);
    case "openFile":
      return actions.openFile(message.reference);
    case "code":
      return actions.code(message, post);
    case "file":
      return files.act(message);
    case "addFile":
      return logFailure(files.compose(message).then(() => post({ type: "taken", id: message.id })));
    case "addFiles":
    case "notAdded":
    case "removeFile":
    case "sendFiles":
      return logFailure(files.compose(message));
    case "changes":
      return changes.act(message);
    case "copyText":
      return logFailure(
        actions.copyText(message.text).then((done) => {
          if (done) post({ type: "copied", id: message.id });
        }),
      );
    case "insertCode":
      return actions.insertCode(message.text);
    case "run":
      return run(message.command);
    default:
      assertNever(message);
  }
}
