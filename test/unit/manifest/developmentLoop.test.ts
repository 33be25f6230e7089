// What F5 runs: the files for VS Code name tasks, npm scripts, programs and folders that exist.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import * as v from "valibot";
import { PEOPLE, TRY_FOLDER } from "../../../scripts/people.ts";
import { rawManifest } from "../../support/manifest.ts";

const Names = v.array(v.string());
const Launch = v.object({
  compounds: v.array(v.object({ name: v.string(), configurations: Names, preLaunchTask: v.string() })),
  configurations: v.array(
    v.object({ name: v.picklist(PEOPLE), type: v.literal("extensionHost"), args: Names, outFiles: Names }),
  ),
});
const Background = v.object({ beginsPattern: v.string(), endsPattern: v.string() });
const Task = v.object({
  label: v.string(),
  dependsOn: v.optional(Names, []),
  type: v.optional(v.picklist(["npm", "process"])),
  script: v.optional(v.string()),
  command: v.optional(v.string()),
  args: v.optional(Names, []),
  isBackground: v.optional(v.boolean(), false),
  problemMatcher: v.union([v.tuple([]), v.object({ background: Background })]),
});
const Tasks = v.object({ tasks: v.array(Task) });

/** JSON with comments, as VS Code reads it. */
function read(file: string): unknown {
  const path = `.vscode/${file}`;
  const parsed: { config?: unknown; error?: unknown } = ts.parseConfigFileTextToJson(
    path,
    readFileSync(path, "utf8"),
  );
  assert.equal(parsed.error, undefined);
  return parsed.config;
}

describe("F5 in this repository", () => {
  const { compounds, configurations } = v.parse(Launch, read("launch.json"));
  const { tasks } = v.parse(Tasks, read("tasks.json"));
  const { scripts } = v.parse(v.object({ scripts: v.record(v.string(), v.string()) }), rawManifest());
  const labels = tasks.map(({ label }) => label);

  it("opens a window for each of two people, after tasks that exist", () => {
    const [both] = compounds;
    assert.deepEqual(both?.configurations, ["anna", "bobby"]);
    assert.deepEqual(
      configurations.map(({ name }) => name),
      both.configurations,
    );
    for (const label of [both.preLaunchTask, ...tasks.flatMap(({ dependsOn }) => dependsOn)])
      assert.ok(labels.includes(label), label);
  });

  it("gives each person their prepared paths, no two the same", () => {
    const userHome = homedir();
    const paths = configurations.map(({ name, args }) => {
      const resolved = args.map((arg) => arg.replace("${userHome}", userHome));
      const extensions = join(TRY_FOLDER, "extensions", name);
      assert.deepEqual(resolved, [
        `--extensionDevelopmentPath=${join(extensions, "fork-chat")}`,
        `--extensionDevelopmentPath=${join(extensions, "tour")}`,
        "--profile-temp",
        "--disable-workspace-trust",
        join(TRY_FOLDER, name),
      ]);
      return resolved.slice(0, 2);
    });
    assert.equal(new Set(paths.flat()).size, 4);
  });

  it("runs npm scripts and programs that exist", () => {
    for (const { type, script, command, args } of tasks) {
      if (type === "npm") assert.ok(script !== undefined && script in scripts, script);
      if (type !== "process") continue;
      assert.equal(command, "node");
      const program = args.at(-1) ?? "";
      assert.ok(program === "dist/server.js" || existsSync(program), program);
    }
  });

  it("waits for background tasks by lines that they print", () => {
    const lines: Record<string, readonly [string, string]> = {
      watch: ["[watch] build started", "[watch] build finished"],
      server: ["Restarting 'dist/server.js'", "listening on ws://127.0.0.1:43210"],
    };
    for (const { label, isBackground, problemMatcher } of tasks) {
      if (!isBackground) continue;
      assert.ok("background" in problemMatcher);
      const [begins = "", ends = ""] = lines[label] ?? [];
      assert.match(begins, new RegExp(problemMatcher.background.beginsPattern));
      assert.match(ends, new RegExp(problemMatcher.background.endsPattern));
    }
  });
});
