// Tells paths of files from words, hosts and versions.

/** Maximum length of a path. */
export const MOST_IN_PATH = 512;

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether a character is a part of words. All scripts but ASCII are taken for letters: expressions for them are slow. */
export function isWord(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x7a) || code === 0x5f || code >= 0x80;
}

/** Files without an ending, and hidden ones. */
const NAMED = new Set(
  [
    "Makefile Dockerfile Containerfile Jenkinsfile Gemfile Rakefile Vagrantfile Procfile CMakeLists.txt",
    "README LICENSE BUILD WORKSPACE",
  ].flatMap((line) => line.split(" ")),
);

function isFixedName(name: string): boolean {
  return NAMED.has(name) || (name.length > 1 && name.startsWith(".") && /^\.[A-Za-z][\w.-]*$/.test(name));
}

/** Endings of host names: `example.com:8080` is not a file. */
const DOMAINS = new Set(
  [
    "com org net edu gov mil int info biz io dev app ai cloud online",
    "local localhost internal lan home arpa",
  ].flatMap((line) => line.split(" ")),
);

/** Endings of files that people talk about by their names alone. `server.port:3` and `list.get(3)` are no files. */
const KNOWN = new Set(
  [
    "astro bash bat bb bicep c cc cfg cjs clj cljc cljs cmake cmd cpp cr cs csh cshtml csproj css cson csv cts cu cuh cxx d dart dpr",
    "edn eex ejs el elm env erb erl ex exs f f90 f95 fish fs fsi fsproj fsx ftl gd glsl gn go gql gradle graphql groovy",
    "h haml hbs hcl heex hh hlsl hpp hrl hs html htm hxx ini ino ipynb java jinja jl js json json5 jsonc jsonl jsp jsx kt kts",
    "less liquid lisp ll lock log lua m mak markdown md mdx mjs mk ml mli mm mts mustache nim nix nu pas patch php pl pm plist pp prisma",
    "properties proto ps1 psm1 pug py pyi pyx qml r rake razor rb resx rkt rmd rs rst s sass sbt scala scm scss sh sol sql",
    "storyboard strings sv svelte svg swift tcl tex tf tfvars toml ts tsv tsx twig txt v vb vbproj vcxproj vhd vim vue wat wgsl",
    "xaml xhtml xml xsd xsl yaml yml zig zsh",
  ].flatMap((line) => line.split(" ")),
);

/** How certain what is around a path makes it: `a.b:3` may be anything, and `a.b(3)` is a call. */
export type Look = "certain" | "likely" | "call";

export function isPath(path: string, look: Look): boolean {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return (
    name !== "" &&
    name.length <= 255 &&
    path.length <= MOST_IN_PATH &&
    isNamed(path, name, look) &&
    !hidesSomething(path)
  );
}

/** Most paths are ASCII; the other test is slow. */
const HIDDEN = /[\p{Cc}\p{Cf}]/u;
export function hidesSomething(path: string): boolean {
  return /[^ -~]/.test(path) && HIDDEN.test(path);
}

function isNamed(path: string, name: string, look: Look): boolean {
  const isBare = name.length === path.length;
  const dot = name.lastIndexOf(".");
  const ending = dot < 0 ? "" : name.slice(dot + 1);
  const isKnown = dot > 0 && KNOWN.has(ending.toLowerCase());
  if (look === "call" || (isBare && dot < 0)) return isKnown || (look !== "call" && isFixedName(name));
  if (isBare && (name.startsWith("(") || name.indexOf("@") > 0 || DOMAINS.has(ending.toLowerCase())))
    return false;
  if (isBare && look === "likely" && !isKnown) return isFixedName(name);
  if (isKnown || isFixedName(name)) return true;
  if (dot > 0 && name[dot - 1] !== "." && /^[A-Za-z][\w+-]{0,11}$/.test(ending)) return true;
  // A program, for example.
  return (
    /^(?:\.{0,2}[/\\]|[A-Za-z]:[/\\]|~[/\\])/.test(path) &&
    /^[\w.@+-]+$/.test(name) &&
    (path.match(/[/\\]/g) ?? []).length > 1
  );
}

/** Whether a line is a path and nothing else: ESLint's rows stand below one. */
export function isWholePath(line: string): boolean {
  const isDrive = /^[A-Za-z]:[/\\]/u.test(line);
  if (/[:*?"<>|]/u.test(isDrive ? line.slice(2) : line)) return false;
  // A sentence is not a path.
  const isRooted = isDrive || /^(?:[/\\]|\.{1,2}[/\\])/u.test(line);
  return (isRooted || !/\s/u.test(line)) && /[^.]\.\w{1,10}$/u.test(line);
}
