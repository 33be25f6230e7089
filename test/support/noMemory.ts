// A `vscode.Memento` that remembers nothing.
export const noMemory = { get: () => undefined, update: () => Promise.resolve() };
