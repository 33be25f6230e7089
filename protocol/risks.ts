// Files that are run, or that decide what is run, without anyone opening them. Changes of these are shown with a warning.
import { pathKey } from "./fileNames.ts";

export type Risk =
  /** Settings and tasks of an editor. */
  | "editor"
  /** What git does with files, and hooks. */
  | "git"
  /** What runs on a server after a push. */
  | "ci"
  /** Scripts of a package or a build, and configuration that is code. */
  | "scripts";

/** Matched against the path in small letters. */
const RISKS: readonly (readonly [Risk, RegExp])[] = [
  ["editor", /(?:^|\/)\.(?:vscode|idea|zed|cursor|devcontainer|fleet)(?:\/|$)/u],
  ["editor", /(?:^|\/)(?:[^/]*\.code-workspace|\.devcontainer\.json|\.vimrc|\.exrc|\.nvim\.lua|\.envrc)$/u],
  ["ci", /(?:^|\/)\.github\/(?:workflows|actions)(?:\/|$)/u],
  ["ci", /(?:^|\/)\.(?:circleci|gitlab|azure-pipelines|azuredevops|buildkite|woodpecker|teamcity)(?:\/|$)/u],
  ["ci", /(?:^|\/)(?:\.gitlab-ci|azure-pipelines|bitbucket-pipelines|\.?appveyor)[^/]*\.ya?ml$/u],
  ["ci", /(?:^|\/)(?:\.travis|\.drone|\.woodpecker|\.cirrus|cloudbuild)\.ya?ml$|(?:^|\/)jenkinsfile[^/]*$/u],
  ["git", /(?:^|\/)\.git[^/]*(?:\/|$)/u],
  ["git", /(?:^|\/)(?:\.husky|\.?githooks|\.hooks)(?:\/|$)/u],
  ["git", /(?:^|\/)\.?(?:lefthook|pre-commit-config|overcommit|huskyrc|lintstagedrc)[^/]*$/u],
  ["scripts", /(?:^|\/)(?:package\.json|binding\.gyp|\.npmrc|\.yarnrc[^/]*|\.pnpmfile\.c?js|\.pnp\.[^/]*)$/u],
  ["scripts", /(?:^|\/)(?:(?:gnu|bsd)?makefile[^/]*|[^/]*\.mk|\.?justfile|taskfile\.ya?ml|rakefile)$/u],
  ["scripts", /(?:^|\/)(?:cmakelists\.txt|cmakepresets\.json|[^/]*\.cmake|meson\.build|build\.rs)$/u],
  ["scripts", /(?:^|\/)(?:[^/]*\.gradle(?:\.kts)?|gradlew(?:\.bat)?|mvnw(?:\.cmd)?|pom\.xml|build\.xml)$/u],
  ["scripts", /(?:^|\/)(?:\.mvn|\.cargo|\.yarn|gradle\/wrapper)\//u],
  ["scripts", /(?:^|\/)(?:setup\.py|conftest\.py|noxfile\.py|pyproject\.toml|tox\.ini|composer\.json)$/u],
  ["scripts", /(?:^|\/)(?:[^/]*\.(?:targets|props|csproj|fsproj|vbproj)|\.bazelrc|build\.bazel|workspace)$/u],
  ["scripts", /(?:^|\/)(?:[^/]*\.config\.[cm]?[jt]s|\.[^/]*rc\.[cm]?js|gulpfile\.[^/]*|gruntfile\.[^/]*)$/u],
];

export function riskOf(path: string): Risk | null {
  const key = pathKey(path);
  return RISKS.find(([, pattern]) => pattern.test(key))?.[0] ?? null;
}
