// Pays the one-time costs of parsing in advance: expressions and grammars are compiled on first use, which takes longer
// than parsing the longest text afterwards. One sample per idle moment, so that no step delays the reader.
import { languageNames } from "./highlight.ts";
import { richText } from "./richText.ts";
import { whenIdle } from "../base/whenIdle.ts";

const MARKUP = `# a *b* **c** ~~d~~ \`e\` http://a.b/c and [f](https://g.h/ "i")

- [ ] j
  1. k

> l

|m|n|
|-|-|
|*o*|p|

src/a.ts:12:5 "b c.py", line 3 at d.E.f(E.java:1) g.php(2) file:///h.kt: (3, 4) http://localhost:1/i.ts#L1-L2
  3:5  error

שלום *עולם* a@b.org \\*`;

/** Contains a string, a number, a comment and a definition in most languages. */
const CODE = `/* a */ // b\n# c\nint d(e) { return f("g", 'h', 1.5); }\nclass I: def j(k)\n<l m="n">o</l>\n- p: q`;

export function warmUp(): void {
  // The engine optimizes an expression only on its second use.
  const samples = [1, 2, 3].map((n) => `${MARKUP} ${n}`);
  for (const name of languageNames) samples.push(`\`\`\`${name}\n${CODE}\n\`\`\``);
  const next = (): void => {
    const sample = samples.shift();
    if (sample === undefined) return;
    richText(sample);
    whenIdle(next);
  };
  whenIdle(next);
}
