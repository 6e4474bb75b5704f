/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What git passes to its hooks and needs to find the same repository, index, objects and
 * configuration again: `git rev-parse --local-env-vars`, discovery, and the sources of
 * configuration. All other `GIT_*` are dropped: a reader needs no editor, pager, transport or
 * tracer, and `GIT_*_PATHSPECS` would change the meaning of our pathspecs.
 */
const HANDED_ON: ReadonlySet<string> = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CEILING_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_SYSTEM',
  'GIT_DIR',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_QUARANTINE_PATH',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]);

/** `GIT_CONFIG_KEY_0`, `GIT_CONFIG_VALUE_0`, ...: go with `GIT_CONFIG_COUNT`. */
const NUMBERED = /^GIT_CONFIG_(?:KEY|VALUE)_\d+$/;

/** simple-git refuses to run with one of these, and a reader needs none of them. */
const LEFT_BEHIND: ReadonlySet<string> = new Set([
  'EDITOR',
  'PAGER',
  'PREFIX',
  'SSH_ASKPASS',
  'VISUAL',
]);

const OURS = {
  /** No command writes a refreshed index. */
  GIT_OPTIONAL_LOCKS: '0',
  /**
   * A partial clone must not fetch what it lacks (git 2.44 on, and distributions that carry the
   * fix) ...
   */
  GIT_NO_LAZY_FETCH: '1',
  /** ... and older gits that would try find every transport forbidden. */
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_TERMINAL_PROMPT: '0',
  /** What was recorded, not what `git replace` substitutes. */
  GIT_NO_REPLACE_OBJECTS: '1',
  /** Exit codes decide; git's messages are only shown, in the documented language. */
  LC_ALL: 'C',
} as const;

/** The caller's environment, for a process that only reads. */
export function gitEnvironment(env: Environment): Record<string, string> {
  const fit: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    const upper = name.toUpperCase();
    if (
      upper.startsWith('GIT_')
        ? HANDED_ON.has(upper) || NUMBERED.test(upper)
        : !LEFT_BEHIND.has(upper)
    )
      fit[name] = value;
  }
  return Object.assign(fit, OURS);
}

/**
 * The caller's environment, for a command that writes: git runs as the person would run it, but
 * never waits in an editor.
 */
export function callerEnvironment(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !LEFT_BEHIND.has(entry[0].toUpperCase()) &&
      !/^GIT_(?:SEQUENCE_)?EDITOR$/i.test(entry[0]),
  );
  return Object.fromEntries(kept);
}

/** For simple-git's `allowEnvironment`: without it simple-git drops, or refuses, every `GIT_*`. */
export function gitVariables(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(env).filter((name) => name.toUpperCase().startsWith('GIT_'));
}

/** The heads that `git merge` names to its hooks: full oids. */
export function mergeHeadsNamed(env: Environment): readonly string[] {
  return Object.keys(env).flatMap(
    (name) => /^GITHEAD_([0-9a-f]{40}|[0-9a-f]{64})$/.exec(name)?.[1] ?? [],
  );
}
