// The language of the page: the texts that the host has put into the document, and how times and numbers are written.
// Loaded before everything that makes texts.
import * as l10n from "@vscode/l10n";
import * as v from "valibot";

/** By the English text; the host leaves it out where English is spoken. Declared in the document by panelHtml.ts. */
const Bundle = v.record(v.string(), v.string());

/** Tests load parts of the page where no document is. */
const page = typeof document === "undefined" ? null : document;

const contents = bundleOf(page?.getElementById("l10n")?.textContent ?? null);
if (contents !== null) l10n.config({ contents });

/** For `Intl`; undefined leaves the choice to the browser. */
export const locale = localeOf(page?.documentElement.lang ?? "");

/** Null for what is no bundle: the texts stay English. */
function bundleOf(text: string | null): Record<string, string> | null {
  if (text === null) return null;
  try {
    return v.parse(Bundle, JSON.parse(text));
  } catch {
    return null;
  }
}

/** The reader's own variant of the language where the browser knows it: English is written in several ways. */
function localeOf(language: string): string | undefined {
  try {
    const [canonical] = Intl.getCanonicalLocales(language);
    if (canonical === undefined || Intl.DateTimeFormat.supportedLocalesOf(canonical).length === 0)
      return undefined;
    return navigator.languages.find((one) => one.startsWith(`${canonical}-`)) ?? canonical;
  } catch {
    return undefined;
  }
}
