// Syntax highlighting for code blocks: highlight.js with the few languages that people paste into a chat.
import type { LanguageFn, Mode } from "highlight.js";
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

/** Matches a pattern for function names that would scan all following words before each word. */
const FUNCTION = /\{1,\d+\}|\(\?=\\\(\)/u;

const languages = {
  ...{ bash, c: unnamed(c), cpp: unnamed(cpp), css, diff, go, java: unnamed(java), javascript },
  ...{ json, markdown, python, rust, sql, typescript, xml, yaml },
};
export const languageNames = Object.keys(languages);
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

/**
 * Many patterns look ahead to the end of the line, or past all blank lines, so the cost grows with the square of those
 * lengths.
 */
const MAX_LENGTH = 4000;
const MAX_LINE = 200;
const MAX_WORK = 200_000;

/** Spans without a color of their own, which would be half of all. */
const PLAIN_SPANS = /<span class="hljs-(?:punctuation|operator)">([^<]*)<\/span>/gu;

/** HTML spans with highlight.js's classes and the escaped code; null if there are no colors. */
export function highlighted(code: string, language: string): string | null {
  if (hljs.getLanguage(language) === undefined || code.length > MAX_LENGTH || isLaborious(code)) return null;
  return hljs.highlight(code, { language, ignoreIllegals: true }).value.replace(PLAIN_SPANS, "$1");
}

function isLaborious(code: string): boolean {
  const lengths = [...code.split("\n"), ...(code.match(/\s{2,}/gu) ?? [])].map(({ length }) => length);
  return (
    lengths.some((length) => length > MAX_LINE) ||
    lengths.reduce((work, length) => work + length * length, 0) > MAX_WORK
  );
}

function unnamed(language: LanguageFn): LanguageFn {
  return (api) => {
    const grammar = language(api);
    const looksFar = ({ begin }: Mode) => FUNCTION.test([begin ?? []].flat().map(String).join(""));
    return { ...grammar, contains: grammar.contains.filter((mode) => !looksFar(mode)) };
  };
}
