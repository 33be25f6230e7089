// What the extension host of VS Code has, and the oldest Node.js that runs our tests hides behind an option.

/** Options of Node.js for a process that runs code of the extension. */
export const runtimeOptions: readonly string[] =
  "transfer" in ArrayBuffer.prototype ? [] : ["--harmony-rab-gsab-transfer"];
