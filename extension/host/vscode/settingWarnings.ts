// Warns the user about invalid settings: once for each wrong value.
import * as l10n from "@vscode/l10n";
import { showFailure } from "./failures.ts";
import { showWarning } from "./notify.ts";
import { openSetting, wrongSettings } from "./settings.ts";
import type { WrongSetting } from "./settingsSchema.ts";

/** Characters of a value that are shown. */
const SHOWN = 60;

export class SettingWarnings {
  /** The wrong values that the user has been warned about, as JSON. */
  readonly #told = new Map<string, string>();

  /** Checks the settings again. */
  check(): void {
    const wrong = wrongSettings();
    for (const key of this.#told.keys())
      if (wrong.every((setting) => setting.key !== key)) this.#told.delete(key);
    for (const setting of wrong) {
      const value = JSON.stringify(setting.value);
      if (this.#told.get(setting.key) === value) continue;
      this.#told.set(setting.key, value);
      showFailure(warn(setting, value));
    }
  }
}

async function warn({ key, expected, fallback }: WrongSetting, value: string): Promise<void> {
  const shown = value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value;
  const text = l10n.t(
    "The setting forkchat.{0} is {1}. It must be {2}. Using {3} instead.",
    key,
    shown,
    expected,
    JSON.stringify(fallback),
  );
  if ((await showWarning(text, l10n.t("Open Setting"))) !== undefined) await openSetting(key);
}
