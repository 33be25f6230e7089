// The user-visible texts in the window's sources, found in their syntax trees, so that none is left untranslated.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export type Translated = { readonly where: string; readonly text: string; readonly given: number };

export type SourceTexts = {
  /** Calls of `l10n.t` with a literal text. */
  readonly translated: readonly Translated[];
  /** Places of calls with a computed text. */
  readonly dynamic: readonly string[];
  /** Literals that look like user-visible text, and are not translated. */
  readonly bare: readonly string[];
};

/** Reads all sources below some folders of the repository. */
export function readSourceTexts(folders: readonly string[]): SourceTexts {
  const found = { translated: [] as Translated[], dynamic: [] as string[], bare: [] as string[] };
  for (const folder of folders) {
    for (const name of readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })) {
      if (/\.tsx?$/.test(name)) readSource(`${folder}/${name}`, found);
    }
  }
  return found;
}

function readSource(
  path: string,
  found: { translated: Translated[]; dynamic: string[]; bare: string[] },
): void {
  const source = ts.createSourceFile(
    path,
    readFileSync(`${ROOT}${path}`, "utf8"),
    ts.ScriptTarget.Latest,
    true,
    path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const at = (node: ts.Node): string =>
    `${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;

  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === "l10n.t") {
      const [text, ...given] = node.arguments;
      if (text !== undefined && ts.isStringLiteralLike(text)) {
        found.translated.push({ where: at(node), text: text.text, given: given.length });
      } else found.dynamic.push(at(node));
      given.forEach(visit);
      return;
    }
    if (isForMachines(node)) return;
    const text = literalText(node);
    if (text !== null && isProse(node, text)) found.bare.push(`${at(node)} ${JSON.stringify(text.trim())}`);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
}

function literalText(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node) || ts.isJsxText(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…");
}

/** Two words beside each other, or anything with a letter where only users look. */
function isProse(node: ts.Node, text: string): boolean {
  const { parent } = node;
  if (ts.isJsxText(node)) return /\p{L}/u.test(text);
  if (ts.isJsxAttribute(parent)) {
    return (
      /^(aria-label|aria-description|title|placeholder|alt)$/.test(parent.name.getText()) &&
      /\p{L}/u.test(text)
    );
  }
  // A word in capitals is a code, or stands for typed text.
  return /\p{L}{2,}[,.:;]? \p{L}/u.test(text) || /^\p{Lu}\p{Ll}+[ .…]*$/u.test(text);
}

/** Imports, types, compared values, errors for developers, and log entries. */
function isForMachines(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true;
  if (ts.isBinaryExpression(node.parent) && /^[!=]==$/.test(node.parent.operatorToken.getText())) return true;
  if (ts.isCaseClause(node.parent) && node.parent.expression === node) return true;
  if (ts.isElementAccessExpression(node.parent)) return true;
  if (ts.isNewExpression(node)) return /Error$|^RegExp$|^Set$/.test(node.expression.getText());
  if (ts.isJsxAttribute(node)) return /^(class|d|transform|viewBox|style)$/.test(node.name.getText());
  if (ts.isCallExpression(node))
    return /(^|\.)#?log(\.\w+)?$|\.(warn|info|debug)$|^console\.|\.(closest|querySelector(All)?|normalize|includes)$/.test(
      node.expression.getText(),
    );
  return false;
}
