// Whether a text or a file probably holds a secret: a private key, or a token of a cloud, a forge or a service. Meant to ask
// once too often rather than to miss one. Takes linear time.

/**
 * Tokens, by their fixed beginnings. Each is bounded, and begins where no word goes on, so that a text is read about once.
 * A token may stand in a longer word behind `_`, as in an environment variable's name.
 */
const TOKENS = [
  // AWS
  "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
  // GitHub
  "gh[opsur]_[A-Za-z0-9]{30,255}",
  "github_pat_\\w{30,255}",
  // GitLab
  "gl(?:pat|ptt|dt|rt|rtr|cbt|ft|imt|agent|oas|soat|ffct|wt)-[\\w-]{16,300}",
  // Bitbucket, Atlassian
  "ATBB[A-Za-z0-9]{24,64}",
  "ATATT3[\\w=-]{20,400}",
  // Google
  "AIza[\\w-]{35}",
  "ya29\\.[\\w-]{20,1024}",
  "GOCSPX-[\\w-]{20,64}",
  // Slack
  "xox[abceoprs]-[\\w-]{10,300}",
  "xapp-[\\w-]{10,300}",
  "hooks\\.slack\\.com/(?:services|workflows)/T\\w{4,20}/",
  // Stripe
  "(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,255}",
  "whsec_[A-Za-z0-9+/]{20,255}",
  // OpenAI, Anthropic, Hugging Face
  "sk-[\\w-]{32,300}",
  "hf_[A-Za-z0-9]{30,64}",
  // Package registries
  "npm_[A-Za-z0-9]{36}",
  "pypi-[\\w-]{50,500}",
  "rubygems_[a-f0-9]{48}",
  "dckr_pat_[\\w-]{20,64}",
  // Other clouds and services
  "do[opr]_v1_[a-f0-9]{64}",
  "SG\\.[\\w-]{16,32}\\.[\\w-]{16,64}",
  "shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}",
  "hv[sbr]\\.[\\w-]{20,300}",
  "dapi[a-f0-9]{32}",
  "glsa_[A-Za-z0-9]{32}_",
  "lin_api_[A-Za-z0-9]{40}",
  "NRAK-[A-Z0-9]{27}",
  "\\d{8,10}:AA[\\w-]{33}",
  "AGE-SECRET-KEY-1[A-Z0-9]{20,64}",
  // JSON Web Tokens
  "eyJ[\\w-]{10,1024}\\.eyJ[\\w-]{4,1024}",
];
const TOKEN = new RegExp(`(?<![A-Za-z0-9-])(?:${TOKENS.join("|")})`, "u");

/** Texts that a token, or a key, stands in. */
const AROUND = new RegExp(
  [
    "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY",
    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY",
    "PuTTY-User-Key-File-\\d",
    "aws_?secret_?(?:access_?)?key[\"'\\s:=]{1,8}[A-Za-z0-9/+]{40}",
    "(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,100}",
    "[\\w~.]{3}8Q~[\\w~.-]{31}",
    "_authToken\\s{0,4}=\\s{0,4}[^\\s$]",
  ].join("|"),
  "iu",
);

/** Lines of a key without its first one: three of base64 in a row, as keys are wrapped. */
const WRAPPED = /^[A-Za-z0-9+/]{60,76}$/u;
const WRAPPED_LINES = 3;

export function looksSecret(text: string): boolean {
  return TOKEN.test(text) || AROUND.test(text) || hasWrappedKey(text);
}

function hasWrappedKey(text: string): boolean {
  let row = 0;
  for (const line of text.split("\n")) {
    const isKey = WRAPPED.test(
      line.replace(/^[\s"'`#/*+|-]{0,40}/u, "").replace(/[\\rn"'`,;+\s]{0,10}$/u, ""),
    );
    row = isKey ? row + 1 : 0;
    if (row === WRAPPED_LINES) return true;
  }
  return false;
}

const NAMES = new RegExp(
  [
    "\\.env.*",
    ".*\\.env",
    "id_.*",
    ".*\\.(?:pem|key|p8|p12|pfx|ppk|jks|keystore|kdbx?|tfstate|tfvars|ovpn)",
    "\\.(?:npmrc|pypirc|netrc|pgpass|git-credentials|htpasswd|dockercfg|dockerconfigjson|vault-token)",
    "_netrc|credentials|kubeconfig|secrets?\\.[a-z0-9]{1,8}",
  ].join("|"),
  "iu",
);
const NAME = new RegExp(`^(?:${NAMES.source})$`, "iu");

/** Whether files of this name usually hold secrets. */
export function isSecretPath(path: string): boolean {
  return NAME.test(path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1));
}
