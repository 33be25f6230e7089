// The unread count on a view's icon: on the tree of sessions, and on the page if it is a view. It agrees with the
// status bar.
import type * as vscode from "vscode";
import { unreadText } from "../../core/texts/attentionTexts.ts";
import { unreadTotal } from "../../core/view/selectors.ts";
import type { Store } from "../store/store.ts";

/** Shows it until disposed. */
export function showUnreadBadge(
  store: Store,
  view: { badge?: vscode.ViewBadge | undefined },
): { dispose(): void } {
  const show = (value: number): void => {
    view.badge = value === 0 ? undefined : { value, tooltip: unreadText(value) };
  };
  show(unreadTotal(store.state));
  return store.onChange((before, after) => {
    const value = unreadTotal(after);
    if (value !== unreadTotal(before)) show(value);
  });
}
