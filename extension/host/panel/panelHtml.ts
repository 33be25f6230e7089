// The panel's document: two files of this extension and nothing else, restricted by a Content-Security-Policy, and the
// texts in the reader's language.

type PanelDocument = {
  /** URLs of the page's two files. */
  readonly script: string;
  readonly style: string;
  /** The allowed origin of styles, in the policy's syntax. */
  readonly source: string;
  /** The URL of the folder with pictures. */
  readonly pictures: string;
  /** Base64, unguessable, new for each document. */
  readonly nonce: string;
  /** The language of the page's texts, in the form of `vscode.env.language`. */
  readonly language: string;
  /** The translations by English text; undefined for English. */
  readonly bundle: Readonly<Record<string, string>> | undefined;
};

export function panelHtml(parts: PanelDocument): string {
  const { script, style, source, pictures, nonce, language, bundle } = parts;
  // Pictures are read by the page's script, which hands them to a worker that it makes itself: see webview/base/stills.ts.
  const pictured = `img-src ${source}; connect-src ${source}; worker-src blob:`;
  // These two have no default.
  const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'";
  const policy = `${nothing}; ${pictured}; style-src ${source}; script-src 'nonce-${nonce}';`;
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
    <div id="root" data-pictures="${pictures.replaceAll('"', "&quot;")}"></div>${bundle === undefined ? "" : dataBlock(bundle)}
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}

/** Not a script, which the policy would reject: webview/base/language.ts reads it. No `<` in a text can end it. */
function dataBlock(bundle: Readonly<Record<string, string>>): string {
  const json = JSON.stringify(bundle).replaceAll("<", "\\u003c");
  return `\n    <script type="application/json" id="l10n">${json}</script>`;
}
