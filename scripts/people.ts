// The people used to try out the extension. Each has a small project in its own folder, because VS Code stores a window's
// state per folder. They are outside the repository, so that VS Code does not ask about a Git repository in a parent folder.
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./runCommand.ts";
import { buildTour } from "./tour.ts";

export const PEOPLE = ["anna", "bobby", "carmen"] as const;
export type PersonName = (typeof PEOPLE)[number];

/** Also in `.vscode/launch.json`. */
export const TRY_FOLDER = join(homedir(), ".cache", "fork-chat", "try");
const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Settings for these windows: only a project and the chat. */
export const TRY_SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "remote.autoForwardPorts": false,
} as const;

/** Of all projects, so that the changes of one fit into the others. */
const GREETING = "export function greeting(name) {\n  return `Hello, ${name}!`;\n}\n";
const CHANGED_GREETING = GREETING.replace("Hello, ${name}!", "Hello, ${name}. How are you?");

/** The first steps, for the terminal and the projects. */
export function firstSteps(name: PersonName): string {
  const other = PEOPLE.find((each) => each !== name) ?? name;
  return `Press F1, run “Chat: Join as…”, and enter “${name}”. Then say hello, or type \\fork ${other} to talk to ${other} in private.`;
}

/** Writes a person's project and resolves with its folder. Overwrites earlier changes. The first person has changes to send. */
export async function preparePerson(name: PersonName): Promise<string> {
  const folder = join(TRY_FOLDER, name);
  await mkdir(join(folder, ".vscode"), { recursive: true });
  await writeFile(
    join(folder, "README.md"),
    `# ${capitalized(name)}'s project\n\nA small project to try Fork Chat in.\n\n${firstSteps(name)}\n`,
  );
  await writeFile(join(folder, "greeting.js"), GREETING);
  await writeFile(join(folder, "package.json"), `{ "name": "${name}s-project", "type": "module" }\n`);
  // Development windows have no other settings.
  await writeFile(join(folder, ".vscode", "settings.json"), JSON.stringify(TRY_SETTINGS, undefined, 2));
  await commitAll(folder);
  if (name === PEOPLE[0]) await writeFile(join(folder, "greeting.js"), CHANGED_GREETING);
  return folder;
}

/** Makes the folder a repository with one commit, if there is git. */
async function commitAll(folder: string): Promise<void> {
  await rm(join(folder, ".git"), { recursive: true, force: true });
  const author = ["-c", "user.name=Fork Chat", "-c", "user.email=fork-chat@example.org"];
  const commands = [
    ["init", "--quiet"],
    ["add", "--all"],
    [...author, "commit", "--quiet", "--message", "Begin"],
  ];
  try {
    for (const args of commands) await runCommand("git", args, { cwd: folder });
  } catch {
    // Without git, everything but sending changes can be tried.
  }
}

/**
 * Prepares a person for a development window. VS Code opens only one of these per extension path, so each person gets their
 * own path to this repository, and another one to the tour.
 */
export async function prepareDeveloper(name: PersonName): Promise<void> {
  await preparePerson(name);
  const extensions = join(TRY_FOLDER, "extensions", name);
  await rm(extensions, { recursive: true, force: true });
  await mkdir(extensions, { recursive: true });
  // On Windows, junctions need no special rights.
  await symlink(ROOT, join(extensions, "fork-chat"), "junction");
  await buildTour(join(extensions, "tour"));
}

function capitalized(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
