// The position of a log's reader.

/** The end, or an entry and its distance in pixels from the log's upper edge. */
export type LogPosition = "end" | { readonly index: number; readonly offset: number };
