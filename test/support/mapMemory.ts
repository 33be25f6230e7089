// A book of people's memory, as VS Code keeps it, in a map.
import type { Memory } from "../../extension/host/trust/peopleBook.ts";

/** @param values the map to use, asked for each time */
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
