// The context of the parts of a message's text.
import { createContext } from "preact";
import type { PageMessage } from "../../protocol/webview.ts";

/** What links and code blocks request from the host. */
type TextRequest = Extract<PageMessage, { type: "openLink" | "openFile" | "insertCode" }>;
export const TextRequests = createContext<(request: TextRequest) => void>(() => undefined);

/** Copies a text; resolves when done. */
export const Copy = createContext<(text: string) => Promise<void>>(() => Promise.resolve());

/** Whether elements in a text are Tab stops: only in the focused message, or Tab could not leave a long log. */
export const Reached = createContext(true);
