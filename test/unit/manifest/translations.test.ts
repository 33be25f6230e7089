// What people read can be translated, and is: nothing forgotten, nothing left over.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { errorTexts } from "../../../protocol/errors.ts";
import { languages, manifestTexts } from "../../support/manifest.ts";
import { readSourceTexts } from "../../support/sourceTexts.ts";

const FOLDER = new URL("../../../l10n/", import.meta.url);

/** The one place that looks up a text which it gets from elsewhere: what a server's code means. */
const LOOKUP = /^extension\/core\/texts\/texts\.ts:/;
/** Names, what goes over a wire or into the log, and what is said to developers: by the file and how it begins. */
const UNTRANSLATED = [
  ...[/ "Fork Chat"$/],
  ...[
    /^extension\/host\/commands\/commandRegistry\.ts "forkchat\.join takes/,
    /^extension\/host\/panel\/panelHtml\.ts "(<|img-src )/,
  ],
  /^extension\/net\/peers\/peerLink\.ts "(no hello|… before hello|a second hello|too long|a binary frame|hello of another version|This side uses .*)"$/,
  /^extension\/net\/bulk\/bulkLink\.ts "(no open|… out of order|open does not fit|a long text|bytes before open)"$/,
  /^extension\/net\/identity\/peerTls\.ts "(no handshake|no key|not an expected key|a resumed session|another protocol)/,
  ...[
    /^extension\/net\/listener\/peerListener\.ts "HTTP\/1/,
    /^extension\/net\/relay\/relayDialler\.ts "Bearer/,
  ],
  /^extension\/net\/dial\/serverTrust\.ts "const \{ getCACertificates/,
  /^extension\/net\/rendezvous\/rendezvousConnection\.ts "(no challenge"|Dropped a message)/,
  ...[
    /^extension\/net\/identity\/transportSelfTest\.ts "both ends/,
    /^extension\/net\/identity\/verificationNumber\.ts "fork-chat/,
  ],
  /^extension\/host\/transfers\/receivedMark\.ts "0081;/,
  // The lines of a patch that git reads, and the markers of a conflict.
  /^extension\/core\/changes\/patch\.ts "(diff --git |new file mode |deleted file mode |old mode |new mode |rename from |rename to |\\\\ No newline at end of file")/,
  /^extension\/core\/changes\/mergeFile\.ts "(<{7}|={7}|>{7})/,
  // How a pointer of Git LFS begins.
  /^extension\/core\/changes\/lfsPointer\.ts "version https:\/\/git-lfs"$/,
  // Parts of VS Code's commands.
  /^extension\/host\/changes\/leaveChat\.ts "(First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth)"$/,
  ...[
    /^extension\/core\/model\/commands\.ts "NAME NAME"$/,
    /^webview\/base\/emoji\.ts "/,
    /^webview\/base\/stills\.ts "onmessage = /,
    /^webview\/markdown\/warmUp\.ts "/,
    / "input, textarea"$/,
  ],
];
/** The palette's titles, which VS Code takes from the manifest. */
const titles = new Set(Object.values(manifestTexts()).map((text) => JSON.stringify(text)));

const sources = readSourceTexts(["extension", "webview"]);
const wanted = new Set([...sources.translated.map(({ text }) => text), ...Object.values(errorTexts)]);

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g))].sort();
/** What is typed or set, and has to be named as it is. */
const terms = (text: string): string[] =>
  (text.match(/\\[a-z]+|`[^`]+`|\bwss?:\/\/|P~?->|P~>/g) ?? []).sort();

function bundle(language: string): Readonly<Record<string, string>> {
  const text = readFileSync(new URL(`bundle.l10n.${language}.json`, FOLDER), "utf8");
  return v.parse(v.record(v.string(), v.string()), JSON.parse(text));
}

describe("interface text", () => {
  it("can be translated everywhere", () => {
    const bare = sources.bare.filter((place) => {
      const [, file = "", text = ""] = /^(.*?):\d+ (.*)$/s.exec(place) ?? [];
      const isTitle = file === "extension/core/model/commands.ts" && titles.has(text);
      return !isTitle && !UNTRANSLATED.some((known) => known.test(`${file} ${text}`));
    });
    assert.deepEqual(bare, []);
  });

  it("is visible to translators, except texts looked up by a server's code", () => {
    assert.deepEqual(
      sources.dynamic.filter((where) => !LOOKUP.test(where)),
      [],
    );
  });

  it("has exactly one argument for each placeholder", () => {
    for (const { where, text, given } of sources.translated) {
      const expected = Array.from({ length: given }, (_, i) => `{${i}}`);
      assert.deepEqual(placeholders(text), expected, where);
    }
  });

  it("is translated into the manifest's languages", () => {
    assert.deepEqual(
      existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [],
      languages.map((language) => `bundle.l10n.${language}.json`),
    );
  });

  for (const language of languages) {
    it(`is fully translated, without leftovers (${language})`, () => {
      const translations = bundle(language);
      assert.deepEqual(
        [...wanted].filter((text) => !(text in translations)),
        [],
        "missing",
      );
      assert.deepEqual(
        Object.keys(translations).filter((text) => !wanted.has(text)),
        [],
        "unused",
      );
    });

    it(`keeps placeholders, commands and settings (${language})`, () => {
      for (const [text, translation] of Object.entries(bundle(language))) {
        assert.notEqual(translation.trim(), "", text);
        assert.deepEqual(placeholders(translation), placeholders(text), text);
        assert.deepEqual(terms(translation), terms(text), text);
      }
    });
  }
});
