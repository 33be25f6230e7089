// In a workspace's state: which window's chat the workspace comes back to. A window that has nothing to come back to is not
// marked, so that the next start does not wait for it; another window's mark is left alone.

type Windows = {
  readonly windowId: string;
  /** Whether there is anything of a window. */
  has(windowId: string): boolean;
};

type State = {
  get(key: string): string | undefined;
  update(key: string, value: string | undefined): PromiseLike<void>;
};

/** Resolves when it is saved. */
export async function markWindow(
  state: State,
  key: string,
  windows: Windows,
  hasOwn: boolean,
): Promise<void> {
  const marked = state.get(key);
  const isOurs = marked === windows.windowId;
  if (hasOwn ? isOurs : !isOurs && (marked === undefined || windows.has(marked))) return;
  await state.update(key, hasOwn ? windows.windowId : undefined);
}
