// Limits the length of the composer's text: an insertion that would exceed it is rejected as a whole, and the existing
// text stays.
import { useRef, useState } from "preact/hooks";
import { COMPOSER_CHARACTERS } from "../../protocol/webview.ts";

type FieldEvent<T extends Event> = T & { readonly currentTarget: HTMLTextAreaElement };

type Room = {
  /** Counts rejected insertions since the text last changed. */
  readonly refused: number;
  readonly onBeforeInput: (event: FieldEvent<InputEvent>) => void;
  /** Undoes an insertion that the browser did not announce; returns true if it did. */
  readonly refuses: (event: FieldEvent<InputEvent>) => boolean;
  readonly onCompositionStart: (event: FieldEvent<CompositionEvent>) => void;
  readonly onCompositionEnd: (event: FieldEvent<CompositionEvent>) => void;
};

/** @param restore restores the previous text */
export function useRoom(session: number, text: string, restore: (former: string) => void): Room {
  const [refusal, setRefusal] = useState({ session, text: "", count: 0 });
  const beforeComposition = useRef("");
  const refused = refusal.session === session && refusal.text === text ? refusal.count : 0;
  const refuse = (kept: string) => setRefusal({ session, text: kept, count: refused + 1 });
  return {
    refused,
    onBeforeInput: (event) => {
      const { value, selectionStart, selectionEnd } = event.currentTarget;
      const length = value.length - (selectionEnd - selectionStart) + addedBy(event).length;
      if (!event.cancelable || !isTooMuch(length, value.length)) return;
      event.preventDefault();
      refuse(value);
    },
    refuses: ({ currentTarget: field, isComposing }) => {
      if (isComposing || !isTooMuch(field.value.length, text.length)) return false;
      field.value = text;
      refuse(text);
      return true;
    },
    onCompositionStart: ({ currentTarget }) => {
      beforeComposition.current = currentTarget.value;
    },
    // An input method cannot be interrupted while it composes.
    onCompositionEnd: ({ currentTarget }) => {
      const former = beforeComposition.current;
      if (!isTooMuch(currentTarget.value.length, former.length)) return;
      restore(former);
      refuse(former);
    },
  };
}

/** A returned text may exceed the limit: it can only be shortened. */
function isTooMuch(length: number, former: number): boolean {
  return length > Math.max(COMPOSER_CHARACTERS, former);
}

/** The text as it will be in the field, which has one kind of line break. */
function addedBy({ inputType, data, dataTransfer }: InputEvent): string {
  if (inputType === "insertLineBreak") return "\n";
  return (data ?? dataTransfer?.getData("text/plain") ?? "").replaceAll("\r\n", "\n");
}
