// The corpus of hostile texts, and what a page is looked through for after it has shown them.
import { readFileSync } from "node:fs";
import * as v from "valibot";

export type HostileText = { readonly family: string; readonly text: string };

export const hostileTexts: readonly HostileText[] = read();

function read(): HostileText[] {
  const lines = readFileSync(new URL("hostileMarkup.txt", import.meta.url), "utf8").split("\n");
  let family = "";
  return lines.flatMap((line) => {
    if (line === "" || line.startsWith("#!")) return [];
    if (!line.startsWith("## ")) return [{ family, text: decode(line) }];
    family = line.slice(3);
    return [];
  });
}

function decode(line: string): string {
  return line.replace(
    /\\(?:u([0-9a-f]{4})|([nrt\\]))/gu,
    (whole, code: string | undefined, letter: string) => {
      if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
      return { n: "\n", r: "\r", t: "\t", "\\": "\\" }[letter] ?? whole;
    },
  );
}

const DIR = "^(ltr|rtl)$";
const svg = { viewBox: "^0 0 16 16$", "aria-hidden": "^true$", focusable: "^false$", class: "^icon$" };

/** All elements that may stand in a message's text, with all of their attributes and what those may be. */
const allowed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  div: {
    dir: DIR,
    class: "^(text|text rich|code|code-head|table)$",
    tabindex: "^0$",
    "aria-live": "^off$",
    style: "^content-visibility: auto; contain-intrinsic-block-size: auto \\d+lh;$",
  },
  p: { dir: DIR },
  ...{ br: {}, hr: {}, strong: {}, em: {}, del: {}, code: {} },
  ...{ table: {}, thead: {}, tbody: {}, tr: {} },
  ...{
    li: { value: "^\\d{1,9}$" },
    ul: { dir: DIR },
    ol: { dir: DIR, start: "^\\d+$" },
    blockquote: { dir: DIR },
  },
  ...{ th: { dir: DIR, class: "^(left|right|center)$" }, td: { dir: DIR, class: "^(left|right|center)$" } },
  a: { role: "^link$", title: "^(https?://|mailto:)", tabindex: "^(0|-1)$" },
  bdi: { dir: DIR, class: "^note$" },
  span: { class: "^(copied|language|((hljs-[a-z_-]+|[a-z]+_) ?)+)$", role: "^status$" },
  pre: { dir: "^ltr$", tabindex: "^0$" },
  button: {
    class: "^quiet$",
    type: "^button$",
    "aria-label": "^(Copy code|Insert code at cursor)$",
    title: "^(Copy code|Insert code at cursor)$",
    tabindex: "^(0|-1)$",
  },
  svg,
  path: { d: "^[a-zA-Z0-9 .-]+$" },
  rect: { x: "^[0-9.]+$", y: "^[0-9.]+$", width: "^[0-9.]+$", height: "^[0-9.]+$", rx: "^[0-9.]+$" },
};

/** What `lookThrough` returns. */
export const Findings = v.object({
  texts: v.number(),
  elements: v.number(),
  /** Elements and attributes that may not be there. */
  foreign: v.array(v.string()),
  /** How often anything of the corpus ran. */
  hits: v.number(),
});

/** Makes `hit` known, which everything that runs would call. To be evaluated in the page, before it shows anything. */
export const setTrap = `window.hits = 0; window.hit = () => { window.hits += 1; }`;

/**
 * Hovers and focuses everything in all messages' texts, and presses it if `presses` is set, then looks for effects. Evaluated in
 * the page, and a string so that it does not depend on the test's own scope.
 */
export const lookThrough = (presses: boolean): string => `(() => {
  const allowed = ${JSON.stringify(allowed)};
  const SVG = "http://www.w3.org/2000/svg", HTML = "http://www.w3.org/1999/xhtml";
  const found = { texts: 0, elements: 0, foreign: [], hits: 0 };
  for (const text of document.querySelectorAll(".message .text")) {
    found.texts += 1;
    for (const element of [text, ...text.querySelectorAll("*")]) {
      found.elements += 1;
      const space = ["svg", "path", "rect"].includes(element.localName) ? SVG : HTML;
      const attributes = allowed[element.localName];
      if (attributes === undefined || element.namespaceURI !== space) {
        found.foreign.push("<" + element.localName + ">");
        continue;
      }
      for (const { name, value } of element.attributes) {
        const pattern = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
        if (pattern === undefined || !new RegExp(pattern).test(value)) {
          found.foreign.push("<" + element.localName + " " + name + "=" + JSON.stringify(value) + ">");
        }
      }
      for (const type of ["pointerover", "mouseover", "focusin", "wheel", "animationstart"]) {
        element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }));
      }
      // Within a button everything is the button.
      if (!${presses} || (element.closest("button") ?? element) !== element) continue;
      element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      element.dispatchEvent(new MouseEvent("auxclick", { bubbles: true, cancelable: true, button: 1 }));
    }
  }
  found.hits = window.hits;
  return found;
})()`;
