import { dirname, posix } from 'node:path';

/** The parts of a tsconfig that say which files it is for; patterns are absolute. */
export interface FilePatterns {
  readonly files?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

const NEVER = '(?!(?:node_modules|bower_components|jspm_packages)(?:/|$))';
/** A name with neither a dot nor a star: a folder. */
const FOLDER = /(?:^|\/)[^.*?]+$/;

/**
 * Whether the compiler options of a tsconfig apply to a file: `createFilesMatcher` of get-tsconfig
 * 4.13, which tsx asks for each file that it compiles. All paths are absolute.
 */
export function matchesFiles(
  config: string,
  { files, include, exclude = [] }: FilePatterns,
  allowJs: boolean,
): (path: string) => boolean {
  const extensions = allowJs ? /\.[cm]?[jt]sx?$/ : /\.[cm]?tsx?$/;
  const included = include ?? (files === undefined ? [posix.join(dirname(config), '**/*')] : []);
  const excluded = exclude.map((pattern) => excluding(pattern));
  const including = included.map((pattern) =>
    includingOf(FOLDER.test(pattern) ? posix.join(pattern, '**/*') : pattern),
  );
  return (path) =>
    files?.includes(path) === true ||
    (extensions.test(path) &&
      !excluded.some((pattern) => pattern.test(path)) &&
      including.some((pattern) => pattern.test(path)));
}

function excluding(pattern: string): RegExp {
  const text = escaped(pattern)
    .replaceAll(String.raw`\*\*/`, '(?:.+/)?')
    .replaceAll(String.raw`\*`, '[^/]*')
    .replaceAll(String.raw`\?`, '[^/]');
  return new RegExp(`^${text}(?:$|/)`);
}

function includingOf(pattern: string): RegExp {
  const name = String.raw`(?:[^./]|(?:\.(?!min\.js$))?)*`;
  const text = escaped(pattern)
    .replaceAll(String.raw`/\*\*`, `(?:/${NEVER}[^./][^/]*)*?`)
    .replaceAll(/(\/)?\\\*/g, (_, slash) => (slash === undefined ? name : `/${NEVER}[^./]${name}`))
    .replaceAll(/(\/)?\\\?/g, (_, slash) => (slash === undefined ? '[^/]' : `/${NEVER}[^/]`));
  return new RegExp(`^${text}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
