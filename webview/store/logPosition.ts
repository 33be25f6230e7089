// Where the reader of a log is.

/** The end, or an entry and the pixels from the log's upper edge down to it. */
export type LogPosition = "end" | { readonly index: number; readonly offset: number };
