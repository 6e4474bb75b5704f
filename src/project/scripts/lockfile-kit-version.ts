import { upwards } from '../../model/repo-path.ts';

/** The package that depends on drizzle-kit. */
interface Dependent {
  /** Its folder, relative to that of the lock file; '' for the same. */
  readonly folder: string;
  readonly name: string | undefined;
  /** The range in its package.json. */
  readonly range: string | undefined;
}

/**
 * The version of drizzle-kit that a lock file has for a package: that of the package where the file
 * has several and says whose they are, else the only one; undefined otherwise. Lock files are
 * megabytes that programs write in one way only, so their lines are matched and not parsed.
 * `bun.lockb` is binary: never an answer.
 */
export function lockfileKitVersion(
  file: string,
  text: string,
  dependent: Dependent,
): string | undefined {
  if (!text.includes('drizzle-kit')) return undefined;
  const { own, all } = READERS[file]?.(text, dependent) ?? { own: undefined, all: [] };
  const versions = new Set(all);
  return own ?? (versions.size === 1 ? [...versions][0] : undefined);
}

interface Locked {
  readonly own: string | undefined;
  readonly all: readonly string[];
}

/**
 * Without pnpm's suffix for peers: `0.30.6(esbuild@0.25.4)`, in older files
 * `0.30.6_esbuild@0.25.4`.
 */
const VERSION = '(\\d+\\.\\d+\\.\\d+(?:-[0-9A-Za-z.-]+)?)';

const READERS: Readonly<Record<string, (text: string, dependent: Dependent) => Locked>> = {
  'package-lock.json': npm,
  'npm-shrinkwrap.json': npm,
  'pnpm-lock.yaml': pnpm,
  'yarn.lock': yarn,
  'bun.lock': bun,
};

/**
 * `"packages/db/node_modules/drizzle-kit": { "version": "0.30.6"`; before version 2 of the format,
 * without folders.
 */
function npm(text: string, { folder }: Dependent): Locked {
  const found = [
    ...text.matchAll(
      new RegExp(
        `"((?:[^"\\n]*/)?node_modules/|)drizzle-kit": \\{\\s*"version": "${VERSION}"`,
        'g',
      ),
    ),
  ];
  const at = new Map(found.map(([, where = '', version = '']) => [where, version]));
  const own = upwards(folder).map((one) =>
    at.get(one === '' ? 'node_modules/' : `${one}/node_modules/`),
  );
  return { own: own.find((version) => version !== undefined), all: [...at.values()] };
}

/** An importer's `drizzle-kit:` with `specifier:` and `version:`, or the packages' own keys. */
function pnpm(text: string, { folder }: Dependent): Locked {
  const importers = /^importers:\r?\n([^]*?)^\S/m.exec(text)?.[1] ?? '';
  const of = new Map(
    importers.split(/^ {2}(?=\S)/m).map((part) => [/^'?(.*?)'?:/.exec(part)?.[1] ?? '', part]),
  );
  const part = upwards(folder)
    .map((one) => of.get(one === '' ? '.' : one))
    .find((one) => one?.includes('\n      drizzle-kit:'));
  const own = new RegExp(
    `^ {6}drizzle-kit:\\r?\\n(?: {8}.*\\r?\\n)*? {8}version: '?${VERSION}`,
    'm',
  ).exec(part ?? '')?.[1];
  const keys = text.matchAll(new RegExp(`^ {2}'?/?drizzle-kit[@/]${VERSION}`, 'gm'));
  return { own, all: [...keys].map(([, version = '']) => version) };
}

/**
 * `drizzle-kit@^0.30.4:` (version 1), `"drizzle-kit@npm:^0.30.4":` (later), over `version "0.30.6"`
 * or `version: 0.30.6`.
 */
function yarn(text: string, { range }: Dependent): Locked {
  const found = [
    ...text.matchAll(
      new RegExp(`^"?(drizzle-kit@[^\\n]*?)"?:\\r?\\n {2}version:? "?${VERSION}`, 'gm'),
    ),
  ];
  const own =
    range === undefined
      ? undefined
      : found.find(([, keys = '']) =>
          keys
            .split(/"?, "?/)
            .some((key) => [range, `npm:${range}`].includes(key.slice('drizzle-kit@'.length))),
        );
  return { own: own?.[2], all: found.map(([, , version = '']) => version) };
}

/**
 * `"drizzle-kit": ["drizzle-kit@0.30.6"`, with the name of a workspace before it where that has
 * another.
 */
function bun(text: string, { name }: Dependent): Locked {
  const found = [
    ...text.matchAll(new RegExp(`"((?:[^"\\n]*/)?drizzle-kit)": \\["drizzle-kit@${VERSION}"`, 'g')),
  ];
  const at = new Map(found.map(([, key = '', version = '']) => [key, version]));
  return {
    own: at.get(`${name ?? ''}/drizzle-kit`) ?? at.get('drizzle-kit'),
    all: [...at.values()],
  };
}
