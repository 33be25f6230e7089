// Syntax highlighting for code blocks: highlight.js with the few languages that people paste into a chat.
import type { LanguageFn, Mode } from "highlight.js";
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
import { createLowlight } from "lowlight";
import type { Colour } from "./rich.ts";

/** Matches a pattern for function names that would scan all following words before each word. */
const FUNCTION = /\{1,\d+\}|\(\?=\\\(\)/u;

const languages = {
  ...{ bash, c: unnamed(c), cpp: unnamed(cpp), css, diff, go, java: unnamed(java), javascript },
  ...{ json, markdown, python, rust, sql, typescript, xml, yaml },
};
export const languageNames = Object.keys(languages);
const lowlight = createLowlight(languages);

/**
 * Many patterns look ahead to the end of the line, or past all blank lines, so the cost grows with the square of those
 * lengths.
 */
const MAX_LENGTH = 4000;
const MAX_LINE = 200;
const MAX_WORK = 200_000;

/** Lines of a diff that is too long for that. */
const MAX_DIFF_LINES = 400;

/** Gets no color of its own, because that would color half of all text. */
const PLAIN = new Set(["hljs-punctuation", "hljs-operator"]);

/** The pieces of a code with highlight.js's classes; null where there are no colors to give. */
export function highlighted(code: string, language: string): readonly Colour[] | null {
  if (!lowlight.registered(language)) return null;
  if (code.length > MAX_LENGTH || isLaborious(code)) return language === "diff" ? diffColours(code) : null;
  return lowlight.highlight(language, code).children.flatMap(coloured);
}

/** Added and removed lines alone, which costs little. */
function diffColours(code: string): readonly Colour[] | null {
  const lines = code.split("\n", MAX_DIFF_LINES + 1);
  if (lines.length > MAX_DIFF_LINES) return null;
  return lines.flatMap((line, at) => {
    const end = at === 0 ? [] : ["\n"];
    const mark = line.startsWith("+") ? "addition" : line.startsWith("-") ? "deletion" : null;
    return [...end, mark === null ? line : { classes: `hljs-${mark}`, children: [line] }];
  });
}

/** Others name a language within another one. */
const COLOURED = /^(?:hljs-[a-z_-]+|[a-z]+_)$/u;

type Node = ReturnType<typeof lowlight.highlight>["children"][number];

function coloured(node: Node): readonly Colour[] {
  if (node.type === "text") return [node.value];
  if (node.type !== "element") return [];
  const children = node.children.flatMap(coloured);
  const classes = [node.properties.className ?? []]
    .flat()
    .map(String)
    .filter((name) => COLOURED.test(name));
  const isPlain = classes.length === 0 || (classes.length === 1 && PLAIN.has(classes[0] ?? ""));
  return isPlain ? children : [{ classes: classes.join(" "), children }];
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
