import js from "@eslint/js";
import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

// The house: config ← modules ← stacks ← cli ← main.ts; policies and review know config and plain JSON only.
const rooms = (target, ...from) => from.map((room) => ({ target: `./${target}`, from: `./${room}` }));

const PATTERNS = [
  {
    regex: "^@cdktf/provider-[a-z]+$",
    message: "a provider's root costs minutes and gigabytes: import @cdktf/provider-<p>/lib/<resource>",
  },
  {
    regex: "^cdktf/",
    message: "import from cdktf only, so that the move to its fork stays one rename (docs/decisions/0001-cdktf.md)",
  },
];

export default tseslint.config(
  { ignores: ["node_modules", "cdktf.out", "dist", "coverage"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js", "*.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { "import-x": importX },
    settings: { "import-x/resolver": { node: { extensions: [".ts", ".js"] } } },
    rules: {
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": [
        "error",
        {
          zones: [
            ...rooms("config", "modules", "stacks", "policies", "review", "cli"),
            ...rooms("modules", "stacks", "policies", "review", "cli"),
            ...rooms("stacks", "policies", "review", "cli"),
            ...rooms("policies", "modules", "stacks", "review", "cli"),
            ...rooms("review", "modules", "stacks", "cli"),
            ...rooms("stacks/aws", "stacks/azure", "stacks/local"),
            ...rooms("stacks/azure", "stacks/aws", "stacks/local"),
            ...rooms("stacks/local", "stacks/aws", "stacks/azure"),
          ],
        },
      ],
      "no-restricted-imports": [
        "error",
        {
          patterns: PATTERNS,
        },
      ],
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "the environment is read in main.ts only" },
        { object: "Date", property: "now", message: "synth has no clock" },
        { object: "Math", property: "random", message: "synth has no randomness" },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["stacks/*/operations/**", "stacks/operations.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            ...PATTERNS,
            {
              regex: "^(cdktf|constructs|@cdktf/.*)$",
              message: "operations call the cloud's API; they must not wait for cdktf",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["main.ts", "bin/**", "bench/**", "ci/**", "charts/**", "modules/**/*.mjs", "__tests__/**"],
    rules: { "no-restricted-properties": "off" },
  },
  {
    // Tests put wrong values into configs, and read JSON whose shape they know.
    files: ["__tests__/**"],
    rules: Object.fromEntries(
      [
        "no-unsafe-assignment",
        "no-unsafe-member-access",
        "no-unsafe-argument",
        "no-unsafe-return",
        "no-base-to-string",
        "no-dynamic-delete",
        "no-confusing-void-expression",
      ].map((rule) => [`@typescript-eslint/${rule}`, "off"]),
    ),
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        require: "readonly",
        process: "readonly",
        module: "readonly",
        __dirname: "readonly",
        __filename: "readonly",
        console: "readonly",
        fetch: "readonly",
        Buffer: "readonly",
        AbortSignal: "readonly",
        URLSearchParams: "readonly",
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
