// Whether a text or a file probably holds a secret: a private key, or a token of a cloud, a forge or a service. Meant to ask
// once too often rather than to miss one. Takes linear time.

/**
 * Tokens, by their fixed beginnings. Each is bounded and starts at a word boundary, so that a text is read about once.
 * A token may follow `_` in a longer word, as in an environment variable's name.
 */
const TOKENS = [
  // AWS
  "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
  // GitHub
  "gh[opsur]_[A-Za-z0-9]{30,255}",
  "github_pat_\\w{30,255}",
  // GitLab
  "GR1348941[\\w-]{16,40}",
  "gl(?:pat|ptt|dt|rt|rtr|cbt|ft|imt|agent|oas|soat|ffct|wt)-[\\w-]{16,300}",
  // Bitbucket, Atlassian
  "ATBB[A-Za-z0-9]{24,64}",
  "ATATT3[\\w=-]{20,400}",
  // Google
  "AIza[\\w-]{35}",
  "ya29\\.[\\w-]{20,1024}",
  "GOCSPX-[\\w-]{20,64}",
  // Slack
  "xox[a-z]-[\\w-]{10,300}",
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
  "[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}",
  "SK[a-f0-9]{32}(?![A-Za-z0-9])",
  "[MNO][A-Za-z0-9_-]{23,25}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,38}",
  "\\d{8,10}:AA[\\w-]{33}",
  "AGE-SECRET-KEY-1[A-Z0-9]{20,64}",
  // JSON Web Tokens
  "eyJ[\\w-]{10,1024}\\.eyJ[\\w-]{4,1024}",
];
/** Where one can begin: also behind an escape sequence, and a character of an address that is encoded. */
const BEGIN = "(?:(?<![A-Za-z0-9-])|(?<=\\\\[nrt]|%[A-Fa-f0-9]{2}))";
const TOKEN = new RegExp(`${BEGIN}(?:${TOKENS.join("|")})`, "u");

/** Texts that a token, or a key, stands in. */
const AROUND = new RegExp(
  [
    "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY",
    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY",
    "PuTTY-User-Key-File-\\d",
    // The same in base64, as in the configuration of Kubernetes.
    "LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,40}?(?:UFJJVkFURSBLRV|BSSVZBVEUgS0VZ|QUklWQVRFIEtFW)",
    "(?:aws_?secret|secret_?access)_?(?:access_?)?key[\"'\\s:=]{1,8}[A-Za-z0-9/+]{40}",
    "session_?token[\"'\\s:=]{1,8}[A-Za-z0-9/+=]{80}",
    "(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,100}",
    "[?&]sig=[A-Za-z0-9%+/]{40}",
    "[\\w~.]{3}8Q~[\\w~.-]{31}",
    "_authToken\\s{0,4}=\\s{0,4}[^\\s$]",
    "(?<![\\w.$])_(?:auth|password)\\s{0,4}=\\s{0,4}[A-Za-z0-9+/]{8}",
    // Docker
    '"auth"\\s{0,4}:\\s{0,4}"[A-Za-z0-9+/=]{16}',
    "\\bmachine\\s{1,4}\\S{1,100}\\s{1,4}login\\s{1,4}\\S{1,100}\\s{1,4}password\\s{1,4}\\S",
    // A name and a password in an address
    "(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}:\\/\\/[^\\s:\\/@\"'<>]{0,100}:[^\\s@\\/\"'<>${}]{3,200}@",
  ].join("|"),
  "iu",
);

/** Lines of a key without its first one: three of base64 in a row, as keys are wrapped. */
const WRAPPED = /^[A-Za-z0-9+/]{60,76}$/u;
const WRAPPED_LINES = 3;

/** As in a file of environment variables. */
const VARIABLE =
  /^(?:export )?[A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY)[A-Z0-9_]{0,20}=["']?[^\s$"'()]{6}/mu;

export function looksSecret(text: string): boolean {
  return TOKEN.test(text) || AROUND.test(text) || VARIABLE.test(text) || hasWrappedKey(text);
}

function hasWrappedKey(text: string): boolean {
  const lines = text.trim().split("\n");
  let row = 0;
  for (const line of lines) {
    const bare = line.replace(/^[\s"'`#/*+|-]{0,40}/u, "").replace(/[\\rn"'`,;+\s]{0,10}$/u, "");
    row = WRAPPED.test(bare) ? row + 1 : 0;
    // Fewer, if there is nothing else: the cursor may be in the middle of a key.
    const isAllThereIs =
      row === lines.length && /[a-z]/u.test(bare) && /[A-Z]/u.test(bare) && /\d/u.test(bare);
    if (row === WRAPPED_LINES || isAllThereIs) return true;
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
    "\\.(?:my\\.cnf|mylogin\\.cnf|s3cfg|boto)",
    "_netrc|credentials(?:\\..*)?|(?:.*\\.)?kubeconfig(?:\\..*)?|secrets?\\.[a-z0-9]{1,8}",
    ".*service[_-]?account.*\\.json|application_default_credentials\\.json|.*\\.keytab|wp-config\\.php|auth\\.json",
  ].join("|"),
  "iu",
);
const NAME = new RegExp(`^(?:${NAMES.source})$`, "iu");

const FOLDER = /(?:^|[/\\])\.(?:ssh|gnupg|aws|kube|docker|azure|config[/\\](?:gh|gcloud))[/\\]/iu;

/** Whether files of this name, or in this folder, usually hold secrets. */
export function isSecretPath(path: string): boolean {
  return (
    NAME.test(path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)) || FOLDER.test(path)
  );
}

/** The first file that a command line names and that usually holds secrets. */
export function secretFileIn(command: string): string | undefined {
  return command.split(/[\s"'`=;|&<>()]+/u).find(isSecretPath);
}
