// What the parts of a message's text need to know of where they stand.
import { createContext } from "preact";
import type { PageMessage } from "../../protocol/webview.ts";

/** What links and blocks of code ask of the host. */
type TextRequest = Extract<PageMessage, { type: "openLink" | "insertCode" }>;
export const TextRequests = createContext<(request: TextRequest) => void>(() => undefined);

/** Copies a text; resolves when it is done. */
export const Copy = createContext<(text: string) => Promise<void>>(() => Promise.resolve());

/** Whether Tab comes to what is in a text: only in the message that has the focus, or a long log could not be left by it. */
export const Reached = createContext(true);
