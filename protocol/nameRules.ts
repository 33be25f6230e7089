// What a name may be: the rules, the same for the server that decides and for the extension that warns in advance.
import { trimBlank } from "./blank.ts";
import { limits } from "./limits.ts";
import { readsAsOneOf } from "./lookalikes.ts";
import { err, ok, type Result } from "./result.ts";

export type NameErrorCode =
  "name-empty" | "name-too-long" | "name-characters" | "name-scripts" | "name-reserved";

export type NameError = { readonly code: NameErrorCode; readonly text: string };

/** Words that would read as something else than a person in the panel or in a command. */
const isReserved = readsAsOneOf("lobby server system everyone all here you me nobody".split(" "));

/**
 * The scripts of Unicode 15, by their ISO 15924 codes. The list is fixed so that server and clients agree, whichever version of
 * Unicode their runtimes have. All of them reject a script that is not in it.
 */
const scripts = (
  "Latn Cyrl Grek Hani Hira Kana Hang Arab Hebr Deva Thai Beng Taml Telu Gujr Guru Knda Mlym Orya Sinh Geor Armn Ethi Khmr " +
  "Laoo Mymr Tibt Mong Bopo Adlm Aghb Ahom Armi Avst Bali Bamu Bass Batk Bhks Brah Bugi Buhd Cakm Cans Cari Cham Cher " +
  "Chrs Copt Cpmn Cprt Diak Dogr Dsrt Dupl Egyp Elba Elym Glag Gong Gonm Goth Gran Hano Hatr Hluw Hmng Hmnp Hung Ital " +
  "Java Kali Kawi Khar Khoj Kits Kthi Lana Lepc Limb Lina Linb Lisu Lyci Lydi Mahj Maka Mand Mani Marc Medf Mend Merc " +
  "Mero Modi Mroo Mtei Mult Nagm Nand Narb Nbat Newa Nkoo Nshu Ogam Olck Orkh Osge Osma Ougr Palm Pauc Perm Phag Phli " +
  "Phlp Phnx Plrd Prti Rjng Rohg Runr Samr Sarb Saur Sgnw Shaw Shrd Sidd Sind Sogd Sogo Sora Soyo Sund Sylo Syrc Tagb " +
  "Takr Tale Talu Tang Tavt Tfng Tglg Thaa Tirh Tnsa Toto Ugar Vaii Vith Wara Wcho Xpeo Xsux Yezi Yiii Zanb"
).split(" ");

/** Scripts that one language writes side by side, with Latin in between; any other mixture mostly looks like something else. */
const mixtures = ["Latn Hani Hira Kana", "Latn Hani Bopo", "Latn Hani Hang"];

const scriptSets = [...scripts, ...mixtures].map((set) => set.split(" "));
const coverings = new Map<number, RegExp>();
/** What goes with any script. */
const neutral = /[\p{Script_Extensions=Zyyy}\p{Script_Extensions=Zinh}]/gu;

const allowed = /^[\p{L}\p{M}\p{Nd}_.-]+$/u;
/** Fillers and selectors count as letters or marks but are invisible: two names would look the same. */
const invisible = /\p{Default_Ignorable_Code_Point}/u;
/** No script needs a name to begin with a mark, nor more than three of them on one letter. */
const misplacedMarks = /^\p{M}|\p{M}{4}/u;
const hasLetterOrDigit = /[\p{L}\p{Nd}]/u;

/**
 * Checks and normalizes (NFKC) a name as someone typed it.
 * Names are 1 to 32 characters: letters, digits, `_`, `-` and `.`, all letters of one script (or of scripts that
 * one language mixes), not a reserved word. Surrounding blanks are forgiven.
 */
export function parseName(raw: string): Result<string, NameError> {
  const name = trimBlank(raw.normalize("NFKC"));
  if (name === "") return err({ code: "name-empty", text: "Names must have at least one character." });
  if (Array.from(name).length > limits.nameLength) {
    return err({
      code: "name-too-long",
      text: `Names can have at most ${String(limits.nameLength)} characters.`,
    });
  }
  if (
    !allowed.test(name) ||
    invisible.test(name) ||
    misplacedMarks.test(name) ||
    !hasLetterOrDigit.test(name)
  ) {
    return err({
      code: "name-characters",
      text: "Names can contain only letters, digits, “_”, “-”, and “.”, and no spaces.",
    });
  }
  if (!isOfOneScriptSet(name)) {
    return err({
      code: "name-scripts",
      text: "Names can't mix alphabets with letters that look alike.",
    });
  }
  if (isReserved(name)) {
    return err({
      code: "name-reserved",
      text: `“${name}” is reserved. Choose another name.`,
    });
  }
  return ok(name);
}

/**
 * The "highly restrictive" profile of Unicode's UTS #39: each character has, by its Script_Extensions, a script of one of the
 * sets, or goes with any script.
 */
function isOfOneScriptSet(name: string): boolean {
  const letters = name.replace(neutral, "");
  return scriptSets.some((set, i) => {
    let covering = coverings.get(i);
    if (covering === undefined) {
      const classes = set.map((script) => `\\p{Script_Extensions=${script}}`);
      covering = new RegExp(`^[${classes.join("")}]*$`, "u");
      coverings.set(i, covering);
    }
    return covering.test(letters);
  });
}
