// Files of a change set that can run code.
import assert from "node:assert/strict";
import { change, plan, side, text } from "../../../support/changePlans.ts";

describe("a risk", () => {
  const RISKS: Readonly<Record<string, readonly string[]>> = {
    editor: [
      ".vscode/tasks.json",
      "x/.VSCode/settings.json",
      "a.code-workspace",
      ".devcontainer/x",
      ".envrc",
      "tsconfig.json",
      "app/tsconfig.base.json",
      "AGENTS.md",
      "a.sublime-project",
    ],
    git: [
      ".gitattributes",
      ".gitmodules",
      "a/.gitignore",
      ".husky/pre-commit",
      ".githooks/x",
      "lefthook.yml",
      "x/HEAD",
    ],
    ci: [
      ...[".github/workflows/a.yml", ".GitHub/Workflows/a.yml", ".gitlab-ci.yml", "azure-pipelines.yml"],
      ...["azure-pipelines-1.yaml", ".circleci/config.yml", "Jenkinsfile", ".travis.yml"],
    ],
    scripts: [
      ...["package.json", "a/Package.json", "Makefile", "GNUmakefile", "x.mk", "build.gradle", ".npmrc"],
      ...["vite.config.ts", ".eslintrc.js", "setup.py", ".cargo/config.toml", "CMakeLists.txt"],
      ...[
        "karma.conf.js",
        "node_modules/eslint/lib/api.js",
        "package-lock.json",
        "bunfig.toml",
        "Cargo.toml",
      ],
      ...["rust-toolchain", "rust-toolchain.toml", "go.mod", "requirements-dev.txt", "x.pth", "Gemfile"],
      ...["gradle.properties", "a.sln", "Properties/launchSettings.json", "flake.nix", "BUILD", "defs.bzl"],
      ...["Dockerfile", "docker-compose.yml", "Vagrantfile", "configure", "wscript"],
    ],
    hidden: [
      ...[".env", "a/.ENV.local", ".bashrc", ".zshenv", ".profile", ".claude/settings.json", ".mcp.json"],
      ...[".eslintrc.json", ".eslintrc", ".mocharc.yml", ".config/fish/config.fish", ".ssh/authorized_keys"],
      ...[".storybook/main.ts", ".vs/x", "desktop.ini", "a.lnk"],
    ],
  };

  for (const [risk, paths] of Object.entries(RISKS))
    for (const path of paths)
      it(`of the kind "${risk}" is ${path}`, () => {
        assert.equal(plan(change(null, side(path, text("a"))), {}).risk, risk);
      });

  it("is no other file, and stays when it is moved away", () => {
    for (const path of [
      "src/a.ts",
      "vscode/a",
      "package.json.md",
      "github/workflows/a.yml",
      "make.ts",
      "git.ts",
      ...[".editorconfig", ".prettierignore", ".changeset/a.md", "docs/head.md", "a/b.env", "build/a.ts"],
      ...["src/configure.ts", "Dockerfiles.md", "config.json"],
    ])
      assert.equal(plan(change(null, side(path, text("a"))), {}).risk, null, path);
    const moved = change(side(".vscode/a.json", text("a")), side("b.json", text("a")));
    assert.equal(plan(moved, {}).risk, "editor");
  });
});
