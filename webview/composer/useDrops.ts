// Takes files that are dropped anywhere on the page, for the session that it shows.
import { useEffect, useState } from "preact/hooks";
import type { SessionView } from "../../protocol/webview.ts";
import type { PanelStore } from "../store/panelStore.ts";
import { holdsFiles, takeDropped } from "./givenFiles.ts";

/** Returns whether files are being dragged over the page. */
export function useDrops(store: PanelStore, session: SessionView): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
      setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (event.dataTransfer === null || !holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      takeDropped(store, session, event.dataTransfer);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, [store, session.number, session.peer === undefined]);
  return isOver;
}
