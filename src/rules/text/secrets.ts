/** Keys that are recognised by their form alone. */
const KEYS: readonly (readonly [what: string, form: RegExp])[] = [
  ['an access key of AWS', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a key of Stripe', /\b[sr]k_live_[0-9A-Za-z]{16,}/],
  ['a signing secret of Stripe', /\bwhsec_[0-9A-Za-z+/]{24,}/],
  ['a token of GitHub', /\b(?:gh[opsur]_[0-9A-Za-z]{36,}|github_pat_\w{60,})/],
  ['a token of GitLab', /\bglpat-[\w-]{20,}/],
  ['a token of Slack', /\bxox[abeoprs]-[0-9A-Za-z-]{20,}/],
  ['a key of Google', /\bAIza[\w-]{35}\b/],
  ['a key of OpenAI or Anthropic', /\bsk-(?:proj|ant|svcacct)-[\w-]{20,}/],
  ['a key of SendGrid', /\bSG\.[\w-]{22}\.[\w-]{43}/],
  ['a token of npm', /\bnpm_[0-9A-Za-z]{36}\b/],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
];

/** `scheme://user:password@host`, with the password apart. */
const URL_WITH_PASSWORD = /\b[a-z][a-z\d+.-]*:\/\/[^\s:/@'"]*:([^\s/@'"]+)@[\w.-]+/i;
/** What stands for a password in an example, and what everybody's own machine has. */
const NO_PASSWORD =
  /^(?:.{0,3}|[<{[$%].*|\*+|x+|pass(?:word|wd)?|secret|change_?me|postgres|root|user(?:name)?|admin|test|example|your[-_]?\w*|md5[\da-f]{32}|scram-sha-256\$.*)$/i;

/** What a text has that nobody should read; undefined where nothing is known to be such. */
export function secretIn(text: string): string | undefined {
  const key = KEYS.find(([, form]) => form.test(text));
  if (key !== undefined) return key[0];
  const password = URL_WITH_PASSWORD.exec(text)?.[1];
  return password !== undefined && isPassword(password) ? 'a URL with a password' : undefined;
}

/** Whether a literal behind PASSWORD is one, and no example, parameter or hash. */
export function isPassword(text: string): boolean {
  return !NO_PASSWORD.test(text);
}
