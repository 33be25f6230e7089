// Colours for blocks of code: highlight.js with the few languages that people paste into a chat. Called by richText.ts.
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

const languages = {
  ...{ bash, c, cpp, css, diff, go, java, javascript },
  ...{ json, markdown, python, rust, sql, typescript, xml, yaml },
};
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

/** Colours cost time that grows with the text, and faster where lines are endless or very many: beyond this there are none. */
const MAX_LENGTH = 10_000;
const MAX_LINES = 500;
const ENDLESS_LINE = /.{1000}/u;

/** HTML of spans with highlight.js's classes and the code, escaped; null where there are no colours to give. */
export function highlighted(code: string, language: string): string | null {
  if (hljs.getLanguage(language) === undefined) return null;
  if (code.length > MAX_LENGTH || ENDLESS_LINE.test(code) || code.split("\n").length > MAX_LINES) return null;
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}
