import type { Tree } from '../../git/trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Difference } from '../schema.ts';

export interface Origin {
  readonly path: RepoPath;
  /** 1-based. */
  readonly line: number;
}

/**
 * Where the schema defines what differs: for each owner ("teams", "enum status") the line of its
 * definition, and for each entity of a table ("teams.description") its own line where that can be
 * found. It searches the text of the closure: a definition with a computed name has no origin.
 */
export async function findOrigins(
  tree: Tree,
  closure: ReadonlySet<RepoPath>,
  differences: readonly Difference[],
): Promise<ReadonlyMap<string, Origin>> {
  const origins = new Map<string, Origin>();
  if (differences.length === 0) return origins;
  const texts = [...(await tree.read(closure))]
    .filter(([path]) => !path.endsWith('.json'))
    .map(([path, bytes]) => ({ path, text: new TextDecoder().decode(bytes) }));
  const definitions = new Map<string, Definition | undefined>();
  for (const { owner, entity, kind, change } of differences) {
    if (!definitions.has(owner)) definitions.set(owner, findDefinition(texts, owner));
    const definition = definitions.get(owner);
    if (definition === undefined) continue;
    origins.set(owner, { path: definition.path, line: lineAt(definition.text, definition.from) });
    if (entity === owner || change === 'removed') continue;
    const at = findPart(definition, entity.slice(owner.length + 1), kind);
    if (at !== undefined)
      origins.set(entity, { path: definition.path, line: lineAt(definition.text, at) });
  }
  return origins;
}

interface Source {
  readonly path: RepoPath;
  readonly text: string;
}

interface Definition extends Source {
  /** Offsets of the call that defines it. */
  readonly from: number;
  readonly to: number;
}

/**
 * `pgTable('teams', ...)`, `auth.table("teams", ...)`, `pgEnum('status', ...)`,
 * `createTable('teams', ...)`.
 */
function findDefinition(sources: readonly Source[], owner: string): Definition | undefined {
  const name = (owner.split(' ').at(-1) ?? owner).split('.').at(-1) ?? owner;
  const kind = owner.includes(' ') ? (owner.split(' ')[0] ?? '') : 'table';
  // A `pgTableCreator` may put a prefix before the name.
  const endings = name.split('_').map((_, index, parts) => parts.slice(index).join('_'));
  for (const candidate of endings) {
    for (const callee of [kind, '']) {
      if (callee === '' && candidate !== name) continue;
      const call = new RegExp(
        `[\\w.]*${callee}\\w*\\s*(?:<[^>]*>)?\\(\\s*(['"\`])${escaped(candidate)}\\1`,
        'gi',
      );
      for (const { path, text } of sources) {
        const found = call.exec(text);
        call.lastIndex = 0;
        if (found !== null)
          return {
            path,
            text,
            from: found.index,
            to: endOfCall(text, found.index + found[0].length),
          };
      }
    }
  }
  return undefined;
}

/**
 * A column by its name in quotes or its key (as written, or in the other casing); anything else by
 * its name in quotes.
 */
function findPart({ text, from, to }: Definition, name: string, kind: string): number | undefined {
  const body = text.slice(from, to);
  const camel = name.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
  const quoted = new RegExp(`(['"\`])${escaped(name)}\\1`);
  const key = new RegExp(`(?:^|[\\s{,])(['"]?)(?:${escaped(name)}|${escaped(camel)})\\1\\s*:`);
  const first = body.indexOf('(') + 1;
  for (const pattern of kind === 'column' ? [key, quoted] : [quoted]) {
    const found = pattern.exec(body.slice(first));
    if (found !== null)
      return from + first + found.index + (found[0].length - found[0].trimStart().length);
  }
  return undefined;
}

function endOfCall(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    else if (sign === '"' || sign === "'" || sign === '`') at = endOfText(text, at);
    if (depth === 0) return at;
  }
  return text.length;
}

/**
 * The closing quote; the opening one again where there is none on the line (an apostrophe in a
 * comment).
 */
function endOfText(text: string, from: number): number {
  const sign = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === sign) return at;
    else if (text[at] === '\n' && sign !== '`') return from;
  }
  return from;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
