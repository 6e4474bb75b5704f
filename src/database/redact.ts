/**
 * A text without what of a URL is secret: its password and its tokens, as they are written and as
 * they are meant.
 */
export function redacted(text: string, url: string): string {
  const secrets = [url, ...passwords(url), ...tokens(url)]
    .flatMap((secret) => [secret, decoded(secret)])
    .filter((secret) => secret !== '')
    // A longer one may contain a shorter one.
    .sort((a, b) => b.length - a.length);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** Whatever is between the user and the last `@`: an odd character may not be encoded. */
function passwords(url: string): readonly string[] {
  const [, login = ''] = /^[a-z][a-z0-9+.-]*:\/\/(.*)@/is.exec(url) ?? [];
  const [, password = ''] = /^[^:]*:(.*)$/s.exec(login) ?? [];
  return [password];
}

function tokens(url: string): readonly string[] {
  return [...url.matchAll(/[?&](?:\w*token|password|\w*key)=([^&#]*)/gi)].map(
    ([, value = '']) => value,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
