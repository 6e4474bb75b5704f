import type { KitEnvironment } from '../kit-environment.ts';
import { optionValues, type Command } from './shell-words.ts';

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
/** Elsewhere `-C` is a folder. */
const RUNTIME = /(?:^|[/\\])(?:node|tsx|bun|bunx|ts-node)(?:\.exe)?$/;

/**
 * What the words in front of a program set for it: `A=b`, `cross-env A=b`, `env A=b`, `dotenv -e
 * .env.local -v A=b --`, `dotenvx run -f .env --`, `env-cmd -f .env`, `node --env-file=.env
 * --conditions=x`, `bunx --bun`; and `export A=b`.
 * @returns files as they are written; undefined where the words set nothing
 */
export function environmentIn(words: Command): KitEnvironment | undefined {
  const runtime = words.findIndex((word) => RUNTIME.test(word));
  const environment: KitEnvironment = {
    variables: Object.fromEntries(
      words.flatMap((word) => {
        const [, name, value] = ASSIGNMENT.exec(word) ?? [];
        return name === undefined ? [] : [[name, value ?? '']];
      }),
    ),
    files: filesIn(words),
    conditions: [
      ...optionValues(words, ['--conditions']),
      ...(runtime < 0 ? [] : optionValues(words.slice(runtime), ['-C'])),
      ...(words.includes('--bun') ? ['bun'] : []),
    ],
  };
  const { variables, files, conditions } = environment;
  return Object.keys(variables).length + files.length + conditions.length > 0
    ? environment
    : undefined;
}

/** What both set; `inner` is set later, in what `outer` runs. */
export function joinEnvironments(
  outer: KitEnvironment | undefined,
  inner: KitEnvironment | undefined,
): KitEnvironment | undefined {
  if (outer === undefined || inner === undefined) return inner ?? outer;
  return {
    variables: { ...outer.variables, ...inner.variables },
    files: [...new Set([...outer.files, ...inner.files])],
    conditions: [...new Set([...outer.conditions, ...inner.conditions])],
  };
}

/** The files that the words load; the first one that has a variable decides. */
function filesIn(words: Command): readonly string[] {
  // A later file replaces an earlier one.
  const own = optionValues(words, ['--env-file', '--env-file-if-exists']).toReversed();
  // bun loads these without being asked.
  const ofBun =
    words.includes('--bun') && own.length === 0 ? ['.env.local', '.env.development', '.env'] : [];
  return [...new Set([...filesOfWrapper(words), ...own, ...ofBun])];
}

/**
 * dotenv-cli's `-e` and `-c` (the cascade of a mode), dotenvx's and env-cmd's `-f`; `.env` where
 * they name none.
 */
function filesOfWrapper(words: Command): readonly string[] {
  const at = words.findIndex((word) => /^(?:dotenv|dotenv-cli|dotenvx|env-cmd)(?:@|$)/.test(word));
  if (at < 0) return [];
  const end = words.indexOf('--', at);
  const options = words.slice(at + 1, end < 0 ? undefined : end);
  if (!/^dotenv(?:-cli)?(?:@|$)/.test(words[at]!)) {
    const named = optionValues(options, ['-f', '--file', '--env-file']);
    return named.length === 0 ? ['.env'] : named;
  }
  const named = optionValues(options, ['-e']);
  const files = named.length === 0 ? ['.env'] : named;
  if (!options.some((word) => /^-c(?:=|$)/.test(word))) return files;
  const [mode = ''] = optionValues(options, ['-c']);
  return files.flatMap((file) =>
    mode === '' || mode.startsWith('-')
      ? [`${file}.local`, file]
      : [`${file}.${mode}.local`, `${file}.local`, `${file}.${mode}`, file],
  );
}
