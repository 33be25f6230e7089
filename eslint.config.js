// The linter's one configuration.
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", ".cache/", "node_modules/"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        // One program of all rooms: with one for each, most files would be parsed and checked several times. What each room
        // may use is checked by the compiler.
        project: ["tsconfig.lint.json"],
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
  {
    files: ["extension/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "UnaryExpression[operator='void']",
          message: "Discards a failure: use logFailure or showFailure, or warnOfFailure in net.",
        },
      ],
    },
  },
  {
    files: ["*.js", ".*.js", "test/vscode/fixtures/**/*.cjs"],
    ...tseslint.configs.disableTypeChecked,
  },
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
