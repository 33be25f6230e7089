// The people book's memory in a map instead of VS Code.
import type { Memory } from "../../extension/host/trust/peopleBook.ts";

/** @param values returns the map to use, each time */
export function mapMemory(values: () => Map<string, unknown>): Memory {
  return {
    keys: () => [...values().keys()],
    get: (key) => values().get(key),
    update: (key, value) => {
      if (value === undefined) values().delete(key);
      else values().set(key, structuredClone(value));
      return Promise.resolve();
    },
  };
}
