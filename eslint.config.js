// The linter's one configuration. It also holds the direction of imports between the zones.
import tseslint from "typescript-eslint";

/** Each zone names what it may not import: path patterns of other zones, and packages of other platforms. */
const zones = {
  protocol: {
    not: ["extension", "webview", "server", "test", "scripts"],
    packages: ["vscode", "ws", "node:*", "preact"],
  },
  "extension/core": {
    not: ["net", "host", "webview", "server", "test", "scripts"],
    packages: ["vscode", "ws", "node:*", "preact"],
  },
  "extension/net": { not: ["host", "webview", "server", "test", "scripts"], packages: ["vscode", "preact"] },
  "extension/host": { not: ["net", "webview", "server", "test", "scripts"], packages: ["ws", "preact"] },
  webview: { not: ["extension", "server", "test", "scripts"], packages: ["vscode", "ws", "node:*"] },
  server: { not: ["extension", "webview", "test", "scripts"], packages: ["vscode", "preact"] },
  scripts: { not: ["extension", "webview", "server"], packages: ["vscode"] },
};

const zoneRules = Object.entries(zones).map(([zone, { not, packages }]) => ({
  files: [`${zone}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          ...not.map((name) => ({
            regex: `^\\.\\.?/(\\.\\./)*${name}/`,
            message: `${zone} may not know of ${name}`,
          })),
          { group: packages, message: `${zone} runs without it` },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["dist/", ".cache/", "node_modules/"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
    },
  },
  { files: ["*.js"], ...tseslint.configs.disableTypeChecked },
  ...zoneRules,
);
