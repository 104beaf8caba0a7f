/** The HTML document of `--html`: everything in one file, and nothing from outside. */

/** What a page is made of. */
export interface PageSources {
  /** The bundled script, as it is to stand in the document. */
  readonly script: string;
  /** Base64 of the script's SHA-256. */
  readonly scriptHash: string;
  /** The bundled style sheet. */
  readonly style: string;
  /** Base64 of gzip of what `encodePageData` makes. */
  readonly data: string;
}

/**
 * The whole document. What comes from an artifact is in the data alone, whose alphabet has no markup; the policy lets no
 * script run but the one, and nothing be fetched.
 *
 * @throws TypeError a source would end its element
 */
export function pageHtml({ script, scriptHash, style, data }: PageSources): string {
  if (/<\/script|<!--/i.test(script)) throw new TypeError('the script would end its element');
  if (/<\/style/i.test(style)) throw new TypeError('the style sheet would end its element');
  if (!/^[A-Za-z0-9+/=]*$/.test(data)) throw new TypeError('the data is not base64');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>assets.pa</title>
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript: everything that it shows is in its data.</noscript>
<script type="application/octet-stream" id="data">${data}</script>
<script>${script}</script>
</body>
</html>
`;
}
