// The core with one deliberate fault in its source, to show that a test detects it.
import { loadMutant, type Mutant } from "./mutant.ts";
import type { CoreModule } from "./resumeModel.ts";

const ENTRY = `
export { initialState } from "./extension/core/model/state.ts";
export { update } from "./extension/core/update.ts";
export { saveWindow, restoreWindow } from "./extension/core/saved/savedWindow.ts";
export { changesBetween, applyChange } from "./extension/core/saved/savedChanges.ts";
`;

/** Bundles the faulty core, and loads it. */
export async function loadMutantCore(mutant: Mutant): Promise<CoreModule> {
  return (await loadMutant(ENTRY, "extension/core", mutant)) as CoreModule;
}
