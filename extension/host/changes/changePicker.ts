// Lets the user choose which changes of a repository to send.
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import * as vscode from "vscode";
import { ChangeSet, type FileChange } from "../../../protocol/changes.ts";
import { changeLimits } from "../../../protocol/changesPart.ts";
import type { WantedChanges } from "../../core/changes/changesArgument.ts";
import { countsOf } from "../../core/changes/counts.ts";
import { riskOf } from "../../../protocol/risks.ts";
import { isSecretPath, looksSecret } from "../../core/code/secrets.ts";
import { pickItem, pickItems } from "../vscode/boxes.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showInfo, showWarning } from "../vscode/notify.ts";
import { iconless } from "../vscode/plainText.ts";
import {
  changesIn,
  MOST_PAIRS,
  type BuildProblem,
  type BuiltChanges,
  type LeftOut,
  type WhyLeftOut,
} from "./changeBuilder.ts";
import { firstOf, riskText } from "./changeTexts.ts";
import { openRepositories, relativePath } from "./gitApi.ts";
import { offerTrust } from "./offerTrust.ts";

const MEGABYTE = 1024 * 1024;

const texts = {
  restricted: l10n.t("Trust this workspace to send changes."),
  noGit: l10n.t("Enable VS Code's Git extension to send changes."),
  noRepository: l10n.t("Open a folder with a Git repository to send changes."),
  unknown: l10n.t("Git does not know this commit or branch, or the commit has no parent."),
  remote: l10n.t("In a remote window, you can send uncommitted changes only."),
  tooMany: l10n.t(
    "More than {0} files have changed. Stage the files to send, and send the staged changes.",
    MOST_PAIRS,
  ),
  repository: l10n.t("Choose a repository"),
  nothing: l10n.t("There are no changes to send."),
  files: l10n.t("Choose the files whose changes to send"),
  tooMuch: l10n.t(
    "You can send {0} files and {1} MB at once.",
    changeLimits.files,
    changeLimits.bytes / MEGABYTE,
  ),
  secret: l10n.t("may hold a secret"),
  binary: l10n.t("binary"),
  title: (name: string): string => l10n.t("Changes in {0}", name),
  lacksNew: l10n.t(
    "In a remote window, new files are sent only once they are staged, or if the setting {0} is “mixed”.",
    "git.untrackedChanges",
  ),
} as const;

const whyLeftOut: Readonly<Record<WhyLeftOut, string>> = {
  conflict: l10n.t("it has a merge conflict"),
  late: l10n.t("Git did not get it in time"),
  lfs: l10n.t("it is in Git LFS"),
  notebook: l10n.t("it has unsaved cells; save it first"),
  other: l10n.t("it is a link, a submodule, or too large"),
};

function leftOutText(leftOut: readonly LeftOut[]): string {
  const [first] = leftOut;
  if (first !== undefined && leftOut.length === 1)
    return l10n.t("{0} cannot be sent: {1}.", first.path, whyLeftOut[first.why]);
  const listed = firstOf(leftOut.map(({ path, why }) => `${path} (${whyLeftOut[why]})`));
  return l10n.t("These files cannot be sent: {0}", listed.join(", "));
}

/** Where a menu was opened: in a repository, or on some of its files. */
export type ChosenPlace = { readonly root?: vscode.Uri; readonly files?: readonly vscode.Uri[] };

/** With the files before the change, by their path then. */
export type ChosenChanges = { readonly set: ChangeSet; readonly bases: ReadonlyMap<string, string> };

/** Null if the user closes a list, or there is nothing to send. */
export async function chooseChanges(
  wanted: WantedChanges,
  place: ChosenPlace = {},
): Promise<ChosenChanges | null> {
  const roots = await repositoriesToSend();
  if (roots === null) return null;
  const root = rootOf(roots, place) ?? (await chooseRepository(roots));
  if (root === undefined) return null;
  const built = await changesIn(root, wanted);
  if (!built.ok) {
    await showInfo(problemText(built.error));
    return null;
  }
  const ticked = place.files?.map((file) => relativePath(root, file));
  return chooseFiles(nameOf(root), built.value, ticked ?? null);
}

/** The roots of open repositories. Null if there are none: a notification names what is missing. */
async function repositoriesToSend(): Promise<readonly vscode.Uri[] | null> {
  if (!vscode.workspace.isTrusted) {
    await offerTrust(texts.restricted);
    return null;
  }
  const roots = await openRepositories();
  if (roots !== null && roots.length > 0) return roots;
  await showInfo(roots === null ? texts.noGit : texts.noRepository);
  return null;
}

/** The innermost repository that has the files. */
function rootOf(roots: readonly vscode.Uri[], { root, files }: ChosenPlace): vscode.Uri | undefined {
  const [file] = files ?? [];
  if (file === undefined) return roots.find((each) => each.toString() === root?.toString());
  const above = roots.filter((each) => relativePath(each, file) !== null);
  return above.sort((one, other) => other.path.length - one.path.length)[0];
}

async function chooseRepository(roots: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  if (roots.length === 1) return roots[0];
  const items = roots.map((uri) => ({ label: iconless(nameOf(uri)), description: uri.fsPath, uri }));
  return (await pickItem(items, texts.repository))?.uri;
}

function nameOf(root: vscode.Uri): string {
  return root.path.slice(root.path.lastIndexOf("/") + 1);
}

/** @param ticked paths; null for all files */
async function chooseFiles(
  name: string,
  { salt, files, bases, leftOut, lacksNew }: BuiltChanges,
  ticked: readonly (string | null)[] | null,
): Promise<ChosenChanges | null> {
  const warnings = [
    ...(leftOut.length > 0 ? [leftOutText(leftOut)] : []),
    ...(lacksNew ? [texts.lacksNew] : []),
  ];
  // A notification is over only when the user closes it: the files wait for nothing.
  for (const warning of warnings) logFailure(showWarning(warning));
  if (files.length === 0) {
    if (warnings.length === 0) await showInfo(texts.nothing);
    return null;
  }
  const chosen = await pickItems(
    files.map((file) => itemOf(file, ticked)),
    { title: texts.title(name), placeholder: texts.files },
  );
  if (chosen === undefined || chosen.length === 0) return null;
  const set = v.safeParse(ChangeSet, { salt, files: chosen.map(({ file }) => file) }, { abortEarly: true });
  if (set.success) return { set: set.output, bases };
  await showWarning(texts.tooMuch);
  return null;
}

/** A file that may hold a secret is not ticked. */
function itemOf(
  file: FileChange,
  ticked: readonly (string | null)[] | null,
): vscode.QuickPickItem & { readonly file: FileChange } {
  const counts = countsOf(file);
  const lines = counts === null ? texts.binary : `+${String(counts.added)} −${String(counts.removed)}`;
  const [risk, isSecret] = [riskOf(file.path), mayBeSecret(file)];
  const isWanted = ticked === null || ticked.includes(file.path);
  const warnings = [...(isSecret ? [texts.secret] : []), ...(risk === null ? [] : [riskText(risk)])];
  const description = [lines, ...warnings].join(" · ");
  return { label: iconless(file.path), description, picked: !isSecret && isWanted, file };
}

function mayBeSecret(file: FileChange): boolean {
  const { path, content } = file;
  if (isSecretPath(path) || ("oldPath" in file && isSecretPath(file.oldPath))) return true;
  if (content?.as === "text") return looksSecret(content.text);
  return content?.as === "hunks" && content.hunks.some(({ body }) => looksSecret(body));
}

function problemText(problem: BuildProblem): string {
  return texts[problem];
}
