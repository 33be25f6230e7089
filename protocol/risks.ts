// Files that are run, or that decide what is run, without anyone opening them. Changes of these are shown with a warning.
import { pathKey } from "./fileNames.ts";

export type Risk =
  /** Settings and tasks of an editor. */
  | "editor"
  /** What git does with files, and hooks. */
  | "git"
  /** What runs on a server after a push. */
  | "ci"
  /** Scripts of a package or a build, what they install, and configuration that is code. */
  | "scripts"
  /** Other hidden files, and those that a file manager opens: most programs look for their settings in these. */
  | "hidden";

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
  ["scripts", /(?:^|\/)(?:[^/]*\.(?:conf|workspace)\.[cm]?[jt]s|ember-cli-build\.js|webpack\.mix\.js)$/u],
  ["scripts", /(?:^|\/)(?:node_modules|site-packages|venv|[^/]*\.xcodeproj)\//u],
  [
    "scripts",
    /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-(?:lock|workspace)\.yaml)$/u,
  ],
  [
    "scripts",
    /(?:^|\/)(?:bun\.lockb?|bunfig\.toml|deno\.(?:jsonc?|lock)|(?:lerna|turbo|nx|project)\.json)$/u,
  ],
  [
    "scripts",
    /(?:^|\/)(?:cargo\.(?:toml|lock)|rust-toolchain(?:\.toml)?|rust-project\.json|go\.(?:mod|work))$/u,
  ],
  [
    "scripts",
    /(?:^|\/)(?:setup\.cfg|pipfile(?:\.lock)?|poetry\.lock|uv\.lock|requirements[^/]*\.(?:txt|in))$/u,
  ],
  ["scripts", /(?:^|\/)(?:(?:site|user)customize\.py|[^/]*\.pth|pytest\.ini|dodo\.py|fabfile\.py)$/u],
  [
    "scripts",
    /(?:^|\/)(?:(?:gem|pod)file(?:\.lock)?|[^/]*\.gemspec|(?:guard|brew|vagrant|danger|fast|cap)file)$/u,
  ],
  ["scripts", /(?:^|\/)(?:gradle\.properties|[^/]*\.sbt|build\.(?:sc|mill|zig|pl)|mix\.exs|rebar\.config)$/u],
  [
    "scripts",
    /(?:^|\/)(?:[^/]*\.(?:vcxproj|proj|slnx?|xcconfig)|nuget\.config|packages\.config|global\.json)$/u,
  ],
  ["scripts", /(?:^|\/)(?:launchsettings\.json|package\.swift|dune(?:-project)?|[^/]*\.nix|makefile\.pl)$/u],
  ["scripts", /(?:^|\/)(?:build|module\.bazel|workspace\.(?:bazel|bzlmod)|[^/]*\.bzl|magefile\.go)$/u],
  [
    "scripts",
    /(?:^|\/)(?:(?:docker|container)file(?:\.[^/]*)?|[^/]*\.dockerfile|(?:docker-)?compose[^/]*\.ya?ml)$/u,
  ],
  [
    "scripts",
    /(?:^|\/)(?:(?:tilt|earth|proc|jake)file(?:\.[^/]*)?|scons(?:truct|cript)|wscript|configure(?:\.ac)?)$/u,
  ],
  [
    "ci",
    /(?:^|\/)(?:(?:buildspec|appspec|wercker|action|codemagic|bitrise)\.ya?ml|netlify\.toml|vercel\.json)$/u,
  ],
  // Language servers load the plugins that these name, and agents do what these say.
  ["editor", /(?:^|\/)(?:[tj]sconfig[^/]*\.json|(?:agents|claude|gemini)(?:\.local)?\.md)$/u],
  ["editor", /(?:^|\/)(?:[^/]*\.(?:iml|ipr|iws|sublime-project|sublime-workspace)|_vimrc|_exrc)$/u],
  // Makes a folder a repository, with settings that name programs.
  ["git", /(?:^|\/)head$/u],
  ["hidden", /(?:^|\/)\.(?!(?:editorconfig|[a-z]+ignore|mailmap|nojekyll)$|changeset\/)/u],
  ["hidden", /(?:^|\/)(?:desktop\.ini|autorun\.inf|[^/]*\.(?:lnk|url|scf|library-ms|desktop|webloc))$/u],
];

export function riskOf(path: string): Risk | null {
  const key = pathKey(path);
  return RISKS.find(([, pattern]) => pattern.test(key))?.[0] ?? null;
}
