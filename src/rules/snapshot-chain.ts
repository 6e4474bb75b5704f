import { hasFolders, hasJournal, type ProjectState } from '../facts/change.ts';
import type { Draft } from '../model/finding.ts';
import type { Migration, SnapshotFile } from '../history/history.ts';
import { prefixOf } from '../history/layout.ts';
import { isPulled, ORIGIN_ID } from '../history/snapshot.ts';
import { facts, factsOf, type Facts } from './text/facts.ts';
import { putInOrder } from './text/start-again.ts';
import { ofMigration, type Entity } from '../model/entity.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { wrongParents } from './analysis/parents.ts';
import type { StateRule } from './rule.ts';

export const rule = {
  id: 'snapshot-chain',
  severity: 'error',
  title: 'the snapshots do not follow one from the other',
  why: 'The SQL of a migration was made against another state: statements are missing or repeated.',
  details:
    'Each migration is the difference to the snapshot before it, whose id is its `prevId`. ' +
    'Refused are another `prevId`, an id that two snapshots have, two snapshots with one ' +
    'parent, and a newest snapshot that is not that of the last entry. drizzle-kit generates ' +
    'nothing from snapshots with one parent, with exit code 0. In drizzle-kit 1.x, where a ' +
    'migration can have several parents (`prevIds`) and two can have the same one, refused are ' +
    'a parent that no migration has, an id that two have, a circle, and on PostgreSQL a second ' +
    'first migration.',
  fix: 'Remove your own newest migration, and generate it again on top of the one before.',
  examples: {
    refused: 'the snapshots 0004 of two branches, both with the id of 0003 as "prevId"',
    passes: "each snapshot's prevId is the id of the one before it",
  },
  fixedByOtherHalf: true,
  consequenceOf: [
    { rule: 'journal-invalid', where: 'everywhere' },
    { rule: 'migration-removed', where: 'everywhere' },
    { rule: 'migration-edited', where: 'same migration' },
    { rule: 'migration-edited', where: 'migration before' },
    { rule: 'migration-incomplete', where: 'migration before' },
  ],
  judges: 'state',
  *check(state) {
    if (hasFolders(state))
      for (const { migration, found } of wrongParents(state))
        yield {
          ...chainDraft(state, migration.name, migration.snapshotPath, facts(found)),
          restsOn: state.history.migrations.map(({ name }) => name),
        };
    if (!hasJournal(state)) return;
    const links = linksOf(state.history.migrations);
    const byId = new Map<string, Link>();
    const byParent = new Map<string, Link>();
    let before: Link | undefined;
    for (const link of links) {
      const found: [Entity, string][] = [];
      if (link.snapshot !== undefined) {
        const { id, prevId } = link.snapshot;
        const twin = byId.get(id);
        const sibling = byParent.get(prevId);
        const brokenAt = prevIdProblem(link, before);
        if (twin !== undefined)
          found.push([
            ofMigration(link.tag, `same id as ${twin.tag}`),
            `the snapshots of ${twin.tag} and ${link.tag} have the same id: one is a copy ` +
              'of the other',
          ]);
        if (sibling !== undefined)
          found.push([
            ofMigration(link.tag, `same parent as ${sibling.tag}`),
            `the snapshots of ${sibling.tag} and ${link.tag} have the same parent: they come ` +
              'from two branches, and drizzle-kit generates nothing until one is generated again',
          ]);
        if (brokenAt !== undefined) found.push([ofMigration(link.tag, 'prevId'), brokenAt]);
        if (twin === undefined) byId.set(id, link);
        if (sibling === undefined) byParent.set(prevId, link);
      }
      if (found.length > 0)
        yield {
          ...chainDraft(state, link.tag, link.file.path, facts(found)),
          restsOn: since(state, before, link),
        };
      before = link;
    }
    const wrong = wrongNewest(state);
    if (wrong !== undefined) yield wrong;
  },
} as const satisfies StateRule;

/** A migration that has a snapshot file; `snapshot` where it was read and is whole. */
interface Link {
  readonly tag: string;
  readonly file: SnapshotFile;
  readonly migration: Migration;
  readonly snapshot?: { readonly id: string; readonly prevId: string };
}

/**
 * Migrations without a snapshot are left out: drizzle-kit chains over them. So is a snapshot that
 * two entries claim, but for the first: that is journal-order's fact, or `prefix: 'none'`.
 */
function linksOf(migrations: readonly Migration[]): readonly Link[] {
  const seen = new Set<string>();
  return migrations.flatMap((migration) => {
    const file = migration.snapshot;
    if (file === undefined || seen.has(file.path) || prefixOf(migration.name) === '') return [];
    seen.add(file.path);
    const { snapshot } = file;
    return [
      {
        tag: migration.name,
        file,
        migration,
        ...(snapshot.status === 'ok'
          ? { snapshot: { id: snapshot.id, prevId: snapshot.prevId } }
          : {}),
      },
    ];
  });
}

function prevIdProblem(link: Link, before: Link | undefined): string | undefined {
  const { snapshot } = link;
  const prevId = snapshot?.prevId;
  if (before === undefined) {
    return prevId === ORIGIN_ID || (snapshot !== undefined && isPulled(snapshot))
      ? undefined
      : `the snapshot of ${link.tag} is the first, but its prevId is not the root id ${ORIGIN_ID}`;
  }
  if (before.snapshot === undefined || before.snapshot.id === prevId) return undefined;
  return (
    `the prevId of ${link.tag}'s snapshot is not the id of ${before.tag}'s: its SQL was made ` +
    'against another state'
  );
}

/** The migration of the snapshot before, and those between that have none. */
function since(
  { history: { migrations } }: ProjectState,
  before: Link | undefined,
  { migration }: Link,
): readonly string[] {
  return migrations
    .slice(before?.migration.position ?? 0, migration.position)
    .map(({ name }) => name);
}

function chainDraft(state: ProjectState, tag: string, path: RepoPath, known: Facts<string>): Draft {
  return {
    entities: [...known.keys()],
    describe: (entities, start) => {
      const sentences = factsOf(known, entities);
      return {
        path,
        message: sentences[0] ?? '',
        ...(sentences.length > 1 ? { detail: sentences.slice(1).join('\n') } : {}),
        fix: putInOrder(state, start, `If nobody has applied ${tag}: `),
      };
    },
  };
}

/**
 * drizzle-kit diffs against the last file by name, whatever the journal says. A newest snapshot
 * without an entry is migration-orphaned's, a last migration without a snapshot
 * migration-incomplete's.
 */
function wrongNewest(state: ProjectState): Draft | undefined {
  const { newest, migrations, orphanSnapshots } = state.history;
  const last = migrations.at(-1);
  const path = last?.snapshot?.path;
  if (last === undefined || path === undefined || newest?.path === path) return undefined;
  if (newest !== undefined && orphanSnapshots.some((orphan) => orphan.path === newest.path))
    return undefined;
  const overlooked = prefixOf(last.name) === '';
  return {
    entities: [
      {
        kind: 'newest-snapshot',
        aspect:
          nameOf(path) === '_snapshot.json'
            ? '_snapshot.json is overlooked'
            : `${nameOf(newest?.path ?? '')} is not the last`,
      },
    ],
    describe: (_, start) => ({
      path,
      message: overlooked
        ? `drizzle-kit ignores ${path}, because its name begins with "_" (prefix "none"): every ` +
          `\`drizzle-kit generate\` diffs against ${newest?.path ?? 'nothing'} and repeats the ` +
          'same SQL'
        : `drizzle-kit would diff the next migration against ${newest?.path ?? 'nothing'}, the ` +
          `last by name, and not against that of the journal's last, ${last.name}`,
      fix: putInOrder(
        state,
        start,
        overlooked
          ? 'In the drizzle config set `migrations.prefix` to "index" (or "timestamp"), then '
          : 'The names have to sort as the journal does: ',
      ),
    }),
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
