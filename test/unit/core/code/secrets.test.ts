// What is asked about before it is sent: texts and files that probably hold a secret.
import assert from "node:assert/strict";
import { isSecretPath, looksSecret, secretFileIn } from "../../../../extension/core/code/secrets.ts";

const letters = (count: number): string => "aB3dE5gH7j".repeat(Math.ceil(count / 10)).slice(0, count);
const capitals = (count: number): string => letters(count).toUpperCase();
const digits = (count: number): string => "0123456789abcdef".repeat(16).slice(0, count);

/** Put together here, so that no scanner takes this file for a leak. */
const secrets: readonly string[] = [
  ...["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "].map((kind) => `-----BEGIN ${kind}PRIVATE KEY-----`),
  "-----BEGIN PGP PRIVATE KEY BLOCK-----",
  `AKIA${capitals(16)}`,
  `aws_secret_access_key = ${letters(40)}`,
  ...["p", "o", "u", "s", "r"].map((kind) => `gh${kind}_${letters(36)}`),
  `github_pat_${letters(22)}_${letters(59)}`,
  `glpat-${letters(20)}`,
  `AIza${letters(35)}`,
  `xoxb-${digits(12)}-${letters(24)}`,
  `sk_live_${letters(24)}`,
  `sk-proj-${letters(48)}`,
  `npm_${letters(36)}`,
  `AccountKey=${letters(86)}==`,
  `//registry.npmjs.org/:_authToken=${letters(36)}`,
  `eyJ${letters(20)}.eyJ${letters(40)}.${letters(43)}`,
  `xoxd-${letters(30)}`,
  `GR1348941${letters(20)}`,
  `SK${digits(32)}`,
  `${letters(76)}AZDO${letters(4)}`,
  `M${letters(23)}.${letters(6)}.${letters(38)}`,
  ...["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "].map((kind) =>
    Buffer.from(`-----BEGIN ${kind}PRIVATE KEY-----\nMII`).toString("base64"),
  ),
  `secretAccessKey: ${letters(40)}`,
  `aws_session_token=${letters(120)}`,
  `https://a.blob.core.windows.net/b?sv=1&sig=${letters(43)}%3D`,
  `postgres://shop:${letters(12)}@db.example.org/shop`,
  `redis://:${letters(12)}@db.example.org`,
  `machine example.org\n  login anna\n  password ${letters(9)}`,
  `//registry.example.org/:_password=${letters(24)}`,
  `"auth": "${letters(24)}"`,
];

describe("a text that is shared", () => {
  for (const secret of secrets) {
    it(`is asked about with ${secret.slice(0, 24)}…, wherever it stands`, () => {
      for (const text of [secret, `const key = "${secret}";`, `a\n  TOKEN=${secret}\nb`])
        assert.ok(looksSecret(text), text);
    });
  }

  it("is asked about with lines of a key, without its first one", () => {
    const key = [1, 2, 3].map(() => letters(64));
    assert.ok(looksSecret(key.join("\n")));
    assert.ok(looksSecret(key.map((line) => `    "${line}\\n" +`).join("\n")));
    assert.equal(looksSecret(["const a = 1;", ...key.slice(1)].join("\n")), false);
  });

  it("is asked about with nothing but some lines of a key", () => {
    for (const text of [letters(64), `  ${letters(70)}\n`, `${letters(64)}\n${letters(64)}`])
      assert.ok(looksSecret(text), text);
  });

  it("is asked about with secret variables", () => {
    for (const text of ["DB_PASSWORD=hunter22", 'a\nexport API_KEY="abc123def"', "STRIPE_SECRET_V2=abcdef"])
      assert.ok(looksSecret(text), text);
  });

  it("is asked about with a token behind an escape sequence", () => {
    for (const before of ["\\n", "a\\t", "%3A", "user%20"])
      assert.ok(looksSecret(`${before}ghp_${letters(36)}`));
  });

  it("is not asked about without one", () => {
    for (const text of [
      "export function privateKey(token: string): string {",
      "-----BEGIN PUBLIC KEY-----\n-----BEGIN CERTIFICATE-----",
      "task-runner sk-button desk-with-a-long-name-that-goes-on-and-on",
      `commit ${digits(40)}\nsha256 ${digits(64)}`,
      `"integrity": "sha512-${letters(86)}=="`,
      "import { eyJoin } from './ghost_writer';",
      "const API_TOKEN = process.env.API_TOKEN;",
      "TOKEN=$(cat file)\nPASSWORD=${1}\nTOKENS=4",
      "see https://example.org:8080/a@b and ssh://git@example.org:22/a",
      "`https://${user}:${password}@example.org`",
      "self._auth = auth; _password = value",
      "-----BEGIN CERTIFICATE----- LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t",
    ])
      assert.equal(looksSecret(text), false, text);
  });

  it("is read in linear time", () => {
    const size = 200_000;
    const hostile = [
      "eyJ",
      "_eyJaaaaaaaaaa",
      "sk-",
      "-----BEGIN ",
      "gh",
      "aws_secret_key ",
      "A".repeat(70),
      '\\n" ',
      ...[
        "a://",
        "http://a:",
        "machine a login ",
        "MAAAAAAAAAAAAAAAAAAAAAAA.",
        "A_",
        "TOKEN",
        "%3A",
        "LS0tLS1CRUdJTi",
      ],
    ];
    for (const piece of hostile) {
      const started = process.cpuUsage();
      looksSecret(piece.repeat(size / piece.length));
      // Quadratic time would take minutes.
      assert.ok(process.cpuUsage(started).user < 5_000_000, piece);
    }
  });
});

describe("a file that is shared", () => {
  it("is asked about by its name", () => {
    for (const path of [
      ".env",
      "a/.env.local",
      "/a/b/server.pem",
      "id_rsa",
      "a\\id_ed25519",
      "A/ID_RSA",
      ".npmrc",
      "x.key",
      ...["/home/anna/.kube/config", ".docker/config.json", "a/.ssh/known", "C:\\Users\\anna\\.aws\\config"],
      ...[
        "prod.kubeconfig",
        "kubeconfig.yaml",
        ".cargo/credentials.toml",
        "my-service-account.json",
        ".my.cnf",
      ],
    ])
      assert.ok(isSecretPath(path), path);
  });

  it("is not asked about otherwise", () => {
    for (const path of [
      "src/env.ts",
      "environment.ts",
      "a/pem.ts",
      "grid_view.ts",
      ".env/../a.ts",
      "src/keys.ts",
      ...[
        "src/kube/config.ts",
        "docs/ssh/a.md",
        "src/serviceAccount.ts",
        ".github/a.yml",
        "credentialsView.ts",
      ],
    ])
      assert.equal(isSecretPath(path), false, path);
  });
});

describe("a command whose output is shared", () => {
  for (const [command, file] of [
    ["cat .env", ".env"],
    ["less -R ~/.ssh/id_ed25519 | head", "~/.ssh/id_ed25519"],
    ["kubectl --kubeconfig='/home/anna/.kube/config' get pods", "/home/anna/.kube/config"],
    ["npm test -- --grep env", undefined],
  ] as const)
    it(`names ${file ?? "no such file"}: ${command}`, () => assert.equal(secretFileIn(command), file));
});
