// The page's language: the texts that the host has put into the document, and the format of times and numbers. Loaded
// before any module that creates texts.
import * as l10n from "@vscode/l10n";
import * as v from "valibot";

/** Keyed by the English text; absent if VS Code's language is English. panelHtml.ts puts it into the document. */
const Bundle = v.record(v.string(), v.string());

/** Tests load parts of the page without a document. */
const page = typeof document === "undefined" ? null : document;

const contents = bundleOf(page?.getElementById("l10n")?.textContent ?? null);
if (contents !== null) l10n.config({ contents });

/** For `Intl`; undefined leaves the choice to the browser. */
export const locale = localeOf(page?.documentElement.lang ?? "");

/** Null for an invalid bundle: the texts stay English. */
function bundleOf(text: string | null): Record<string, string> | null {
  if (text === null) return null;
  try {
    return v.parse(Bundle, JSON.parse(text));
  } catch {
    return null;
  }
}

/** The reader's own variant of the language if the browser knows it, because there are several kinds of English. */
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
