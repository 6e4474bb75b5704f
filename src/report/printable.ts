import type { Finding } from '../model/finding.ts';

/**
 * A finding with what a terminal would act upon made visible: file names, messages and SQL come out of commits that
 * anybody may have written. Line breaks and tabs stay.
 */
export function printable(finding: Finding): Finding {
  const { message, path, project, subject, detail, fix } = finding;
  return {
    ...finding,
    message: visible(message),
    path: visible(path),
    project: visible(project),
    ...(subject === undefined ? {} : { subject: visible(subject) }),
    ...(detail === undefined ? {} : { detail: visible(detail) }),
    fix: fix.map(({ text, run }) => ({
      text: visible(text),
      ...(run === undefined ? {} : { run: visible(run) }),
    })),
  };
}

/** Controls (escape sequences begin with one), and what turns the direction of writing around. */
const ACTED_UPON = /(?![\n\t])[\p{Cc}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu;

/** Text out of a commit, as a terminal may show it. */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(
      ACTED_UPON,
      (character) =>
        `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
    );
}
