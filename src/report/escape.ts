import type { Finding } from '../model/finding.ts';

/**
 * A finding in which nothing can control the terminal: file names, messages and SQL come from
 * commits that anybody may have written. Line breaks and tabs stay.
 */
export function escapeFinding(finding: Finding): Finding {
  const { message, path, project, subject, detail, fix } = finding;
  return {
    ...finding,
    message: escapeControls(message),
    path: escapeControls(path),
    project: escapeControls(project),
    ...(subject === undefined ? {} : { subject: escapeControls(subject) }),
    ...(detail === undefined ? {} : { detail: escapeControls(detail) }),
    fix: fix.map(({ text, run, sql }) => ({
      text: escapeControls(text),
      ...(run === undefined ? {} : { run: escapeControls(run) }),
      ...(sql === undefined ? {} : { sql: escapeControls(sql) }),
    })),
  };
}

/**
 * Control characters (escape sequences begin with one), and those that change the direction of
 * text.
 */
const CONTROLS = /(?![\n\t])[\p{Cc}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu;

/** Text from a commit, safe to print: a control character is shown as `<U+001B>`. */
export function escapeControls(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(
      CONTROLS,
      (character) =>
        `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
    );
}
