// The panel's document: two files of ours and nothing else, by its Content-Security-Policy. Called by panel.ts, and by
// the tests that load the same document in a browser.

type PanelFiles = {
  /** URLs of the page's two files. */
  readonly script: string;
  readonly style: string;
  /** Whence styles may come, as the policy writes it. */
  readonly source: string;
  /** Base64, unguessable, new for each document. */
  readonly nonce: string;
};

export function panelHtml({ script, style, source, nonce }: PanelFiles): string {
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}';`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${style}" />
    <title>Fork Chat</title>
  </head>
  <body>
    <div id="root"></div>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}
