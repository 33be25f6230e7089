// Counts the work of regular expressions as steps of a backtracking matcher, like those of engines: the same for each
// run and on every machine. While a function runs, each of its matches is counted before it is made.
import { RegExpParser, type AST } from "@eslint-community/regexpp";

export class TooManySteps extends Error {}

type Next = (at: number) => boolean;
/** Tries to match at a position; calls `next` if it does, and tries on while that returns false. */
type Matcher = (at: number, next: Next) => boolean;
type Flags = { readonly i: boolean; readonly m: boolean; readonly s: boolean; readonly u: boolean };

/** State shared by matchers. */
let text = "";
let steps = 0;
let most = Infinity;
let captures: (readonly [number, number] | undefined)[] = [];

function step(): void {
  steps += 1;
  if (steps > most) throw new TooManySteps();
}

type Exec = (this: RegExp, string: string) => RegExpExecArray | null;
const prototype: { exec: Exec } = RegExp.prototype;
const { exec } = prototype;

/** All other uses of an expression go through this method if it is not the engine's own. */
function countingExec(this: RegExp, string: string): RegExpExecArray | null {
  const { lastIndex } = this;
  prototype.exec = exec;
  try {
    count(this, string, this.global || this.sticky ? lastIndex : 0);
    return Reflect.apply(exec, this, [string]);
  } finally {
    prototype.exec = countingExec;
  }
}

/**
 * The steps of a function's matches; more than `limit` throw TooManySteps. Each character that a loop can backtrack to
 * is a call, so this needs a deep stack.
 */
export function stepsOf(act: () => unknown, limit = Infinity): number {
  steps = 0;
  most = limit;
  prototype.exec = countingExec;
  try {
    act();
    return steps;
  } finally {
    prototype.exec = exec;
  }
}

type Compiled = { readonly matcher: Matcher; readonly isAnchored: boolean };
const compiled = new Map<string, Compiled>();

function count(expression: RegExp, string: string, from: number): void {
  const key = `${expression.flags}/${expression.source}`;
  let known = compiled.get(key);
  if (known === undefined) compiled.set(key, (known = compile(expression)));
  text = string;
  for (let start = from; start <= string.length; start++) {
    step();
    captures = [];
    if (known.matcher(start, () => true) || expression.sticky) return;
    // An engine recognizes that an anchored expression cannot match anywhere else.
    if (known.isAnchored) return;
  }
}

function isAnchored(alternatives: readonly AST.Alternative[]): boolean {
  return alternatives.every(({ elements: [first] }) => {
    if (first?.type === "Assertion") return first.kind === "start";
    return (first?.type === "Group" || first?.type === "CapturingGroup") && isAnchored(first.alternatives);
  });
}

function compile(expression: RegExp): Compiled {
  const parser = new RegExpParser();
  const { source, flags } = expression;
  const pattern = parser.parsePattern(source, 0, source.length, { unicode: flags.includes("u") });
  const { ignoreCase: i, multiline: m, dotAll: s, unicode: u } = expression;
  let groups = 0;
  const numbers = new Map<AST.CapturingGroup, number>();
  const number = (group: AST.CapturingGroup): number => {
    const known = numbers.get(group);
    if (known !== undefined) return known;
    numbers.set(group, groups);
    return groups++;
  };
  return {
    matcher: either(pattern.alternatives, { i, m, s, u }, number),
    isAnchored: !m && isAnchored(pattern.alternatives),
  };
}

type Numbering = (group: AST.CapturingGroup) => number;

function either(alternatives: readonly AST.Alternative[], flags: Flags, number: Numbering): Matcher {
  const matchers = alternatives.map(({ elements }) =>
    sequence(elements.map((each) => one(each, flags, number))),
  );
  const [only] = matchers;
  if (matchers.length === 1 && only !== undefined) return only;
  return (at, next) => matchers.some((matcher) => matcher(at, next));
}

function sequence(matchers: readonly Matcher[]): Matcher {
  const from = (index: number): Matcher => {
    const matcher = matchers[index];
    if (matcher === undefined) return (at, next) => next(at);
    const rest = from(index + 1);
    return index === matchers.length - 1 ? matcher : (at, next) => matcher(at, (end) => rest(end, next));
  };
  return from(0);
}

function one(element: AST.Element, flags: Flags, number: Numbering): Matcher {
  switch (element.type) {
    case "Assertion":
      return assertion(element, flags, number);
    case "Quantifier":
      return repeated(element, flags, number);
    case "Group":
      return either(element.alternatives, flags, number);
    case "CapturingGroup": {
      const within = either(element.alternatives, flags, number);
      const group = number(element);
      return (at, next) =>
        within(at, (end) => {
          const before = captures[group];
          captures[group] = [at, end];
          if (next(end)) return true;
          captures[group] = before;
          return false;
        });
    }
    case "Backreference": {
      const [to] = [element.resolved].flat();
      const group = to === undefined ? -1 : number(to);
      return (at, next) => {
        const [start, end] = captures[group] ?? [0, 0];
        steps += end - start;
        step();
        return text.startsWith(text.slice(start, end), at) && next(at + end - start);
      };
    }
    default: {
      const test = tester(element.raw, flags);
      return (at, next) => {
        step();
        return at < text.length && test(codeAt(at, flags)) && next(at + widthAt(at, flags));
      };
    }
  }
}

/** With the flag `u`, a surrogate pair is one character; without it, two. */
function codeAt(at: number, flags: Flags): number {
  const code = text.charCodeAt(at);
  return flags.u && (code & 0xfc00) === 0xd800 ? (text.codePointAt(at) ?? code) : code;
}

function widthAt(at: number, flags: Flags): number {
  return flags.u && codeAt(at, flags) > 0xffff ? 2 : 1;
}

/** Whether a character belongs to a class: the engine is asked once for each. */
function tester(raw: string, flags: Flags): (code: number) => boolean {
  const known = new Map<number, boolean>();
  const unicode = flags.u ? "u" : "";
  const expression = new RegExp(`^(?:${raw})$`, `${flags.i ? "i" : ""}${flags.s ? "s" : ""}${unicode}`);
  return (code) => {
    let is = known.get(code);
    if (is === undefined) {
      is = expression.test(String.fromCodePoint(code));
      known.set(code, is);
    }
    return is;
  };
}

function assertion(element: AST.Assertion, flags: Flags, number: Numbering): Matcher {
  switch (element.kind) {
    case "start":
      return (at, next) => (at === 0 || (flags.m && text[at - 1] === "\n")) && next(at);
    case "end":
      return (at, next) => (at === text.length || (flags.m && text[at] === "\n")) && next(at);
    case "word":
      return (at, next) => (isWord(at - 1) !== isWord(at)) !== element.negate && next(at);
    case "lookahead": {
      const within = either(element.alternatives, flags, number);
      return (at, next) => within(at, () => true) !== element.negate && next(at);
    }
    case "lookbehind": {
      // Those in use look back at one character or none.
      const within = either(element.alternatives, flags, number);
      return (at, next) => {
        const matches = [0, 1].some((back) => at >= back && within(at - back, (end) => end === at));
        return matches !== element.negate && next(at);
      };
    }
  }
}

function isWord(at: number): boolean {
  const code = text.charCodeAt(at) | 0x20;
  const plain = text.charCodeAt(at);
  return (code >= 0x61 && code <= 0x7a) || (plain >= 0x30 && plain <= 0x39) || plain === 0x5f;
}

function repeated({ element, min, max, greedy }: AST.Quantifier, flags: Flags, number: Numbering): Matcher {
  if (element.type === "Character" || element.type === "CharacterClass" || element.type === "CharacterSet")
    return run(tester(element.raw, flags), min, max, greedy, flags);
  const within = one(element, flags, number);
  const from = (times: number, at: number, next: Next): boolean => {
    step();
    const more = () =>
      times < max && within(at, (end) => (end > at || times < min) && from(times + 1, end, next));
    if (times < min) return more();
    return greedy ? more() || next(at) : next(at) || more();
  };
  return (at, next) => from(0, at, next);
}

/** A repeated character, without a call for each. */
function run(
  test: (code: number) => boolean,
  min: number,
  max: number,
  greedy: boolean,
  flags: Flags,
): Matcher {
  return (at, next) => {
    let end = at;
    let times = 0;
    if (!greedy) {
      for (;;) {
        if (times >= min && next(end)) return true;
        step();
        if (times >= max || end >= text.length || !test(codeAt(end, flags))) return false;
        end += widthAt(end, flags);
        times += 1;
      }
    }
    while (times < max && end < text.length && test(codeAt(end, flags))) {
      step();
      end += widthAt(end, flags);
      times += 1;
    }
    for (; times >= min; times--) {
      step();
      if (next(end)) return true;
      end -= flags.u && end > at + 1 && widthAt(end - 2, flags) === 2 ? 2 : 1;
    }
    return false;
  };
}
