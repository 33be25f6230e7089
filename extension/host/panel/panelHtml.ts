// The panel's document: two files of this extension and nothing else, held by a Content-Security-Policy, and the texts of the
// reader's language.

type PanelDocument = {
  /** URLs of the page's two files. */
  readonly script: string;
  readonly style: string;
  /** Whence styles may come, as the policy writes it. */
  readonly source: string;
  /** Base64, unguessable, new for each document. */
  readonly nonce: string;
  /** Of the page's texts, as `vscode.env.language` writes it. */
  readonly language: string;
  /** The texts in that language by the English ones; undefined in English. */
  readonly bundle: Readonly<Record<string, string>> | undefined;
};

export function panelHtml(parts: PanelDocument): string {
  const { script, style, source, nonce, language, bundle } = parts;
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}';`;
  return `<!doctype html>
<html lang="${language.replace(/[^\w-]/g, "")}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${style}" />
    <title>Fork Chat</title>
  </head>
  <body>
    <div id="root"></div>${bundle === undefined ? "" : dataBlock(bundle)}
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}

/** Not a script, which the policy would refuse: webview/base/language.ts reads it. No `<` of a text can end it. */
function dataBlock(bundle: Readonly<Record<string, string>>): string {
  const json = JSON.stringify(bundle).replaceAll("<", "\\u003c");
  return `\n    <script type="application/json" id="l10n">${json}</script>`;
}
