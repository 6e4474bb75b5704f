import { insertedLines, withoutYamlItems, withYamlItems, yamlValue } from './edit/yaml.ts';
import { HOOKS, type HookName } from './hook-manager.ts';

/**
 * The key of .pre-commit-config.yaml that says which hooks a bare `pre-commit install` installs.
 */
export const TYPES = 'default_install_hook_types';
const MARK = '# for drizzle-guard';

/**
 * Whether a project installs that hook for itself: it says so, or one of its hooks is for that
 * stage alone.
 */
export function isWanted(text: string, hook: HookName): boolean {
  const value = yamlValue(text);
  const types: unknown =
    typeof value === 'object' && value !== null && TYPES in value ? value[TYPES] : ['pre-commit'];
  return (
    (Array.isArray(types) && types.includes(hook)) ||
    new RegExp(
      `^[ \\t-]*stages:[^#]*\\b${hook.replace(/^pre-(?!commit)/, '(?:pre-)?')}\\b`,
      'm',
    ).test(text)
  );
}

/** What a bare `pre-commit install` installs, which is what everybody else in the team types. */
export function withTypes(text: string): string | undefined {
  const value = yamlValue(text);
  const types: unknown =
    typeof value === 'object' && value !== null && TYPES in value ? value[TYPES] : undefined;
  if (types === undefined) {
    const at = /^["']?repos["']?:/m.exec(text)?.index;
    return at === undefined
      ? undefined
      : insertedLines(text, at, [`${TYPES}: [${HOOKS.join(', ')}] ${MARK}`]);
  }
  if (!Array.isArray(types)) return undefined;
  const missing = HOOKS.filter((hook) => !types.includes(hook));
  if (missing.length === 0) return text;
  const flow =
    /^default_install_hook_types:[ \t]*\[[^\]#\r\n]*[^\]#\s,](?=[ \t]*\][ \t]*\r?$)/m.exec(text);
  if (flow === null)
    return withYamlItems(
      text,
      TYPES,
      missing.map((hook) => [`${hook} ${MARK}`]),
    );
  const end = flow.index + flow[0].length;
  const close = text.indexOf(']', end) + 1;
  return (
    `${text.slice(0, end)}, ${missing.join(', ')}${text.slice(end, close)} ` +
    `${MARK}: ${missing.join(', ')}${text.slice(close)}`
  );
}

export function withoutTypes(text: string): string | undefined {
  const own = new RegExp(`^${TYPES}: \\[${HOOKS.join(', ')}\\] ${MARK}(?:\\r?\\n|(?![^]))`, 'm');
  if (own.test(text)) return text.replace(own, '');
  const joined = new RegExp(
    `^(${TYPES}:[^\\n]*?), ([a-z, -]+)([ \\t]*\\]) ${MARK}: \\2(?=[ \\t]*\\r?$)`,
    'm',
  );
  if (joined.test(text)) return text.replace(joined, '$1$3');
  return withoutYamlItems(text, TYPES, (_item, source) => source.trimEnd().endsWith(MARK));
}
