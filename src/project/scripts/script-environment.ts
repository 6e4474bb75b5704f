import type { KitEnvironment } from '../kit-environment.ts';
import { optionValues, type Command } from './shell-words.ts';

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
/** Elsewhere `-C` is a folder. */
const RUNTIME = /(?:^|[/\\])(?:node|tsx|bun|bunx|ts-node)(?:\.exe)?$/;

/**
 * What the words up to a program set for it: `A=b`, `cross-env A=b`, `env A=b`, `dotenv -e
 * .env.local -v A=b --`, `dotenvx run -f .env --`, `env-cmd -f .env`, `node --env-file=.env
 * --conditions=x`, `bunx --bun`, `env -u A`; and `export A=b`, `set A=b` (of Windows), `unset A`,
 * `source .env`.
 * @returns files as they are written; undefined where the words set nothing
 */
export function environmentIn(words: Command): KitEnvironment | undefined {
  const runtime = words.findIndex((word) => RUNTIME.test(word));
  const variables = Object.fromEntries(
    words.flatMap((word) => {
      const [, name, value] = ASSIGNMENT.exec(word) ?? [];
      return name === undefined ? [] : [[name, value ?? '']];
    }),
  );
  const environment: KitEnvironment = {
    variables,
    ...unsetIn(words),
    ...joinFiles(ofWrapper(words), ofRuntime(words, variables['NODE_ENV'])),
    conditions: [
      ...optionValues(words, ['--conditions']),
      ...(runtime < 0 ? [] : optionValues(words.slice(runtime), ['-C'])),
      ...(isBun(words) ? ['bun'] : []),
    ],
  };
  const { files, conditions, unset = [] } = environment;
  return Object.keys(variables).length + files.length + conditions.length + unset.length > 0
    ? environment
    : undefined;
}

/** What both set; `inner` is set later, in what `outer` runs. */
export function joinEnvironments(
  outer: KitEnvironment | undefined,
  inner: KitEnvironment | undefined,
): KitEnvironment | undefined {
  if (outer === undefined || inner === undefined) return inner ?? outer;
  const { unset = [] } = inner;
  const kept = Object.entries(outer.variables).filter(
    ([name]) => !unset.includes(name) && !unset.includes('*'),
  );
  const under = inner.under ?? outer.under;
  return {
    variables: { ...Object.fromEntries(kept), ...inner.variables },
    ...unsetField([...(outer.unset ?? []), ...unset]),
    ...(under === undefined ? {} : { under }),
    ...joinFiles(outer, inner),
    conditions: [...new Set([...outer.conditions, ...inner.conditions])],
  };
}

/** The shell's `unset A`, and `env -u A`, `--unset=A`, `-i`. */
function unsetIn(words: Command): Pick<KitEnvironment, 'unset'> {
  if (words[0] === 'unset')
    return unsetField(words.slice(1).filter((word) => !word.startsWith('-')));
  const at = words.findIndex((word) => /^(?:.*[\\/])?env$/.test(word));
  if (at < 0) return {};
  const unset: string[] = [];
  for (let next = at + 1; next < words.length; next += 1) {
    const word = words[next]!;
    const [, joined] = /^(?:-u|--unset=)(.+)$/.exec(word) ?? [];
    if (joined !== undefined) unset.push(joined);
    else if (word === '-u' || word === '--unset') unset.push(...words.slice((next += 1), next + 1));
    else if (/^(?:-i?|--ignore-environment)$/.test(word)) unset.push('*');
    else if (!ASSIGNMENT.test(word)) break;
  }
  return unsetField(unset);
}

function unsetField(names: readonly string[]): Pick<KitEnvironment, 'unset'> {
  return names.length === 0 ? {} : { unset: [...new Set(names)] };
}

type Files = Pick<KitEnvironment, 'files' | 'replaces' | 'expands'>;

function joinFiles(first: Files, then: Files): Files {
  const replaces = first.replaces ?? then.replaces;
  const expands = first.expands ?? then.expands;
  return {
    files: [...new Set([...first.files, ...then.files])],
    ...(replaces === undefined ? {} : { replaces }),
    ...(expands === undefined ? {} : { expands }),
  };
}

const NONE: Files = { files: [] };

/**
 * node's, tsx's and Bun's `--env-file`, of which a later one replaces an earlier one; and what Bun
 * loads without being asked (before 1.4).
 */
function ofRuntime(words: Command, mode = 'development'): Files {
  const own = optionValues(words, ['--env-file', '--env-file-if-exists']).toReversed();
  const expands = words.some((word) => /^bunx?$/.test(word)) ? { expands: 'all' as const } : {};
  if (own.length > 0) return { files: own, ...expands };
  if (!isBun(words)) return NONE;
  const local = mode === 'test' ? [] : ['.env.local'];
  return { files: [...local, `.env.${mode}`, '.env'], ...expands };
}

/**
 * Whether Bun itself runs drizzle-kit: where it is asked to, or given a file. Else drizzle-kit's
 * first line has it run by node.
 */
function isBun(words: Command): boolean {
  const bun = words.findLastIndex((word) => /^bunx?$/.test(word));
  if (bun < 0) return false;
  const run = words.slice(bun + 1).find((word) => word !== 'run' && !word.startsWith('-'));
  return words.includes('--bun') || /[\\/]/.test(run ?? '');
}

/**
 * What dotenv-cli, dotenvx, env-cmd and the shell's `source` load; dotenv-cli's `-c` is the cascade
 * of a mode.
 */
function ofWrapper(words: Command): Files {
  if (/^(?:source|\.)$/.test(words[0] ?? ''))
    return { files: words.slice(1, 2), replaces: true, expands: 'unquoted' };
  const at = words.findIndex((word) => WRAPPER.test(word));
  if (at < 0) return NONE;
  const end = words.indexOf('--', at);
  const options = words.slice(at + 1, end < 0 ? undefined : end);
  const has = (...names: string[]): boolean => options.some((word) => names.includes(word));
  const wrapper = words[at]!;
  if (wrapper.startsWith('env-cmd')) {
    const files = optionValues(options, ['-f', '--file']);
    // `-e` chooses from another kind of file.
    if (files.length === 0 && has('-e', '--environments')) return NONE;
    const replaces = has('--no-override') ? {} : { replaces: true as const };
    return { files: files.length === 0 ? ['.env'] : files, ...replaces };
  }
  if (wrapper.startsWith('dotenvx')) {
    const files = optionValues(options, ['-f', '--env-file']);
    const replaces = has('--overload', '-o') ? { replaces: true as const } : {};
    return { files: files.length === 0 ? ['.env'] : files, expands: 'unquoted', ...replaces };
  }
  const named = optionValues(options, ['-e']);
  const files = named.length === 0 ? ['.env'] : named;
  const how = {
    ...(has('--no-expand') ? {} : { expands: 'all' as const }),
    ...(has('-o', '--override') ? { replaces: true as const } : {}),
  };
  if (!options.some((word) => /^-c(?:=|$)/.test(word))) return { files, ...how };
  const [mode = ''] = optionValues(options, ['-c']);
  const cascade = files.flatMap((file) =>
    mode === '' || mode.startsWith('-')
      ? [`${file}.local`, file]
      : [`${file}.${mode}.local`, `${file}.local`, `${file}.${mode}`, file],
  );
  return { files: cascade, ...how };
}

const WRAPPER = /^(?:dotenv|dotenv-cli|dotenvx|env-cmd)(?:@|$)/;
