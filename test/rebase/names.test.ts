import { describe, expect, it } from 'vitest';
import type { JournalEntry, JournalMigration as Migration } from '../../src/history/history.ts';
import { idFrom, journalBytes } from '../../src/rebase/bytes.ts';
import { chainSteps } from '../../src/rebase/chain.ts';
import { mergeSnapshots } from '../../src/rebase/merge-snapshots.ts';
import { misnamed } from '../../src/rules/analysis/journal-entries.ts';
import { newEntries } from '../../src/rebase/name.ts';
import { inRenamedTables, type Renamed } from '../../src/rebase/renames.ts';
import { differences, isSame } from '../../src/rebase/shape.ts';
import type { Step } from '../../src/rebase/step.ts';
import type { Json } from '../../src/schema/diff/snapshot-json.ts';

const NOW = Date.UTC(2025, 5, 1, 12, 30, 15) + 456;

function migration(tag: string, idx: number, when = 1000 + idx): Migration {
  return {
    name: tag,
    journal: { idx, version: '7', when, tag, breakpoints: true },
    position: idx,
    sqlPath: `drizzle/${tag}.sql`,
    snapshotPath: 'drizzle/meta/x_snapshot.json',
  };
}

describe('names', () => {
  const tags = (
    own: readonly string[],
    base: readonly Migration[],
    now = NOW,
    prefix: 'index' | 'timestamp' | 'unix' | 'none' = 'index',
  ): readonly string[] =>
    newEntries(
      own.map((tag, at) => migration(tag, at)),
      base,
      { now, prefix },
    ).map(({ tag }) => tag);

  it('the prefix is above every one in the folder, and where they ran ahead the idx follows them', () => {
    const ahead = [migration('0000_a', 0), migration('0007_b', 1)];
    const entries = newEntries([migration('0001_x', 1), migration('0002_y', 2)], ahead, {
      now: NOW,
      prefix: 'index',
    });
    // As the guard takes them: `misnamed` of the rules.
    expect(misnamed(entries.map(({ tag, idx }) => migration(tag, idx)))).toEqual([]);
    expect(entries).toEqual([
      { idx: 8, version: '7', when: NOW, tag: '0008_x', breakpoints: true },
      { idx: 9, version: '7', when: NOW + 1, tag: '0009_y', breakpoints: true },
    ]);
  });

  it('`when` is above the base, whose clock may be ahead', () => {
    const [entry] = newEntries([migration('0001_x', 1)], [migration('0000_a', 0, NOW + 99)], {
      now: NOW,
      prefix: 'index',
    });
    expect(entry?.when).toBe(NOW + 100);
  });

  it('a unix prefix is of the new second', () => {
    const base = [migration('1748781015_a', 0)];
    expect(tags(['1700000000_x', '1700000001_y'], base)).toEqual(['1748781016_x', '1748781017_y']);
  });

  it('the form is the own one, or the base where it would be sorted before', () => {
    const stamped = [migration('20240101000000_a', 0)];
    expect(tags(['0001_x'], stamped)).toEqual(['20250601123015_x']);
    expect(tags(['1700000000_x'], stamped)).toEqual(['20250601123015_x']);
    expect(tags(['20240101000000_x'], [migration('0000_a', 0)])).toEqual(['20250601123015_x']);
  });

  it('a name by hand stays where it is free, and gets a prefix where it is not', () => {
    const base = [migration('0000_a', 0)];
    expect(tags(['add_users'], base)).toEqual(['add_users']);
    expect(tags(['add_users'], [...base, migration('add_users', 1)])).toEqual(['0002_add_users']);
    expect(tags(['_plain'], base, NOW, 'none')).toEqual(['_plain']);
  });
});

describe('bytes', () => {
  const entry: JournalEntry = { idx: 1, version: '7', when: 2, tag: '0001_x', breakpoints: true };
  const old = { idx: 0, version: '7', when: 1, tag: '0000_a', breakpoints: true };
  const added = (text: string): string =>
    Buffer.from(journalBytes(Buffer.from(text), [entry], 'postgresql')).toString();

  it.each([
    ['two spaces', JSON.stringify({ version: '7', dialect: 'x', entries: [old] }, null, 2)],
    ['tabs', `${JSON.stringify({ version: '7', dialect: 'x', entries: [old] }, null, '\t')}\n`],
    ['CRLF', JSON.stringify({ dialect: 'x', entries: [old] }, null, 2).replaceAll('\n', '\r\n')],
    ['one line', JSON.stringify({ dialect: 'x', entries: [old] })],
    ['no entries', JSON.stringify({ dialect: 'x', entries: [] }, null, 2)],
    ['a list before it', JSON.stringify({ tags: ['a'], entries: [old], more: [1] }, null, 2)],
  ])('a journal keeps its own bytes and gets the entry: %s', (_, text) => {
    const now = JSON.parse(added(text)) as { entries: unknown[] };
    const then = JSON.parse(text) as { entries: unknown[] };
    expect(now).toEqual({ ...then, entries: [...then.entries, entry] });
    expect(added(text).includes('\r\n')).toBe(text.includes('\r\n'));
    expect(/[^\r]\n/.test(added(text))).toBe(/[^\r]\n/.test(text));
  });

  it('a journal as drizzle-kit writes it is written as drizzle-kit would', () => {
    const json = { version: '7', dialect: 'postgresql', entries: [old] };
    const text = JSON.stringify(json, null, 2);
    expect(added(text)).toBe(JSON.stringify({ ...json, entries: [old, entry] }, null, 2));
    const odd = text.replace('"idx": 0,\n      ', '"idx": 0, ');
    expect(added(odd).startsWith(odd.slice(0, odd.lastIndexOf('}', odd.length - 3)))).toBe(true);
    expect(Buffer.from(journalBytes(undefined, [old], 'postgresql')).toString()).toBe(text);
  });

  it('an id is a uuid, of the old one and the new parent', () => {
    const id = idFrom('a', 'b');
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(idFrom('a', 'b')).toBe(id);
    expect(new Set([id, idFrom('a', 'c'), idFrom('c', 'b')]).size).toBe(3);
  });
});

describe('merging by name', () => {
  const merge = (parent: object, own: object, base: object, target: object = own): unknown =>
    mergeSnapshots({
      parent: { ...parent },
      own: { ...own },
      base: { ...base },
      target: { ...target },
      decide: (path) => path.join('.'),
    });
  const column = (more: object = {}) => ({ name: 'a', type: 'text', ...more });
  const tables = (columns: object, more: object = {}) => ({ tables: { t: { columns, ...more } } });

  it('a column is merged property by property, and asks where both changed one', () => {
    expect(
      merge(
        tables({ a: column() }),
        tables({ a: column({ notNull: true }) }),
        tables({ a: column({ default: false }) }),
      ),
    ).toEqual(tables({ a: column({ notNull: true, default: false }) }));
    expect(
      merge(
        tables({ a: column() }),
        tables({ a: column({ type: 'int' }) }),
        tables({ a: column({ type: 'date' }) }),
      ),
    ).toEqual(tables({ a: column({ type: 'tables.t.columns.a.type' }) }));
  });

  it('what one side removed and the other left alone is gone; what it changed is asked', () => {
    const both = tables({ a: column(), b: column() });
    expect(merge(both, tables({ a: column() }), both)).toEqual(tables({ a: column() }));
    expect(merge(both, both, tables({ b: column() }))).toEqual(tables({ b: column() }));
    expect(
      merge(both, tables({ a: column({ type: 'int' }), b: column() }), tables({ b: column() })),
    ).toEqual(tables({ b: column(), a: 'tables.t.columns.a' }));
  });

  it('an index is one thing', () => {
    const indexes = (columns: readonly string[], isUnique = false) =>
      tables({}, { indexes: { i: { columns, isUnique } } });
    expect(merge(indexes(['a']), indexes(['a', 'b']), indexes(['a'], true))).toEqual(
      tables({}, { indexes: { i: 'tables.t.indexes.i' } }),
    );
  });

  it.each([
    [
      ['a', 'b'],
      ['a', 'b', 'mine'],
      ['a', 'b', 'theirs'],
      ['a', 'b', 'mine', 'theirs'],
    ],
    [
      ['a', 'b'],
      ['mine', 'a', 'b'],
      ['a', 'b', 'theirs'],
      ['mine', 'a', 'b', 'theirs'],
    ],
    [['a', 'b'], ['a'], ['a', 'b', 'theirs'], ['a', 'theirs']],
    [
      ['a', 'b'],
      ['a', 'x', 'y', 'b'],
      ['a', 'theirs', 'b'],
      ['a', 'theirs', 'x', 'y', 'b'],
    ],
  ])('the values of an enum one by one: %j %j %j', (parent, own, base, merged) => {
    const enums = (values: readonly string[]) => ({ enums: { e: { name: 'e', values } } });
    expect(merge(enums(parent), enums(own), enums(base), enums(merged))).toEqual(enums(merged));
    const typed = (values: readonly string[]) =>
      tables({ a: column({ type: `enum(${values.map((one) => `'${one}'`).join(',')})` }) });
    expect(merge(typed(parent), typed(own), typed(base), typed(merged))).toEqual(typed(merged));
  });

  it('values that the merged schema does not have stay behind their neighbour', () => {
    const enums = (...values: readonly string[]) => ({ enums: { e: { values } } });
    expect(merge(enums('a', 'b'), enums('a', 'x', 'b'), enums('a', 'b', 'c'), {})).toEqual(
      enums('a', 'x', 'b', 'c'),
    );
  });

  it.each([
    ['public', ''],
    ['dbo', ''],
    ['shop', 'shop'],
  ])('a column of a table that the base renamed, in the schema %s', (schema, written) => {
    const named = { kind: 'column', from: 'email', to: 'mail', key: 'mail', name: 'mail' };
    const own: Renamed = { ...named, schema: '', table: { schema: written, table: 'members' } };
    const [then, now] = ['members', 'people'].map((name) =>
      written === '' ? name : `${written}.${name}`,
    );
    const base = { kind: 'table', from: then!, to: now!, key: `${schema}.people`, name: 'people' };
    // The default schema is left out, as drizzle-kit's questions about columns do.
    expect(inRenamedTables(own, [{ ...base, schema }]).table).toEqual({
      schema: written,
      table: 'people',
    });
  });

  it('names that every object has are names like others', () => {
    const made = tables({ a: column(), constructor: column() });
    expect(merge(tables({ a: column() }), made, tables({ a: column(), c: column() }))).toEqual(
      tables({ a: column(), c: column(), constructor: column() }),
    );
  });

  it('a default of false is not none, and an empty collection is', () => {
    expect(isSame(column({ default: false }), column())).toBe(false);
    expect(isSame({ isRLSEnabled: false, policies: {} }, {})).toBe(true);
    expect(differences({ tables: {} }, { tables: {}, views: {}, id: 'x' })).toEqual([]);
  });
});

describe('a column that both sides changed', () => {
  const having = (type: string): Json => ({
    tables: { t: { name: 't', columns: { a: { name: 'a', type } } } },
  });

  it.each([
    ['is as in the merged schema', having('uuid'), 'uuid'],
    ['of a table that the merged schema has not got is as the own side made it', {}, 'integer'],
  ])('%s', (_, target, type) => {
    const step: Step = {
      migration: migration('0001_own', 1),
      sql: '',
      parent: having('text'),
      after: having('integer'),
      isCustom: false,
      renames: [],
      generated: async () => ({ status: 'answered', statements: [] }),
      questions: async () => [],
    };
    const { links } = chainSteps({
      steps: [step],
      fork: having('text'),
      base: having('varchar(9)'),
      baseRenames: [],
      target,
      answered: new Map(),
    });
    expect(links.map(({ after }) => after)).toEqual([having(type)]);
  });
});
