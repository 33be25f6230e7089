// Parses a text for a component as soon as there is time.
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { isSelected } from "./messageText.tsx";
import { readings } from "./pageReadings.ts";
import type { Rich } from "./rich.ts";

/** Undefined until the text is parsed; not while something in the element is selected that would disappear. */
export function useReading(
  text: string,
  element: RefObject<Element | null>,
): readonly Rich[] | null | undefined {
  const shown = useRef<{ readonly text: string; readonly reading: readonly Rich[] | null } | null>(null);
  const [, showAgain] = useState(0);
  if (shown.current?.text !== text) {
    const reading = readings.get(text);
    shown.current = reading === undefined ? null : { text, reading };
  }
  const waits = shown.current === null;
  useEffect(() => {
    if (!waits) return;
    return readings.later(text, (reading) => {
      if (reading !== null && element.current !== null && isSelected(element.current)) return false;
      shown.current = { text, reading };
      showAgain((times) => times + 1);
      return true;
    });
  }, [text, waits]);
  return shown.current?.reading;
}
