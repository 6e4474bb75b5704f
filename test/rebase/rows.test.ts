import { describe, expect, it } from 'vitest';
import { inPlaceOf, mayAsk } from '../../src/rebase/folders/between-rows.ts';
import { openForms } from '../../src/rebase/folders/rows.ts';
import type { Json } from '../../src/schema/diff/snapshot-json.ts';

const table = (name: string): Json => ({ entityType: 'tables', schema: 'public', name });
const column = (of: string, name: string, type = 'text'): Json => ({
  entityType: 'columns',
  schema: 'public',
  table: of,
  name,
  type,
});
const state = (...ddl: readonly Json[]): Json => ({ version: '8', dialect: 'postgres', ddl });

const TEAMS = [table('teams'), column('teams', 'id'), column('teams', 'name')];

describe('whether drizzle-kit may ask about renames', () => {
  const before = state(...TEAMS, table('users'), column('users', 'id'));

  it.each<readonly [string, Json, boolean]>([
    ['nothing changes', before, false],
    ['something is new', state(...rows(before), column('users', 'name')), false],
    ['something is gone', state(...rows(before).slice(0, -1)), false],
    ['a column changes', state(...rows(before).slice(0, -1), column('users', 'id', 'int')), false],
    [
      'a column is new and a table is gone',
      state(...TEAMS, column('teams', 'age'), column('users', 'id')),
      false,
    ],
    [
      'a column is new and one is gone',
      state(...rows(before).slice(0, -1), column('users', 'key')),
      true,
    ],
    [
      'the two are of other tables',
      state(...rows(before).slice(0, -1), column('teams', 'age')),
      true,
    ],
    ['a table is another', state(table('groups'), ...rows(before).slice(1)), true],
  ])('%s', (_, after, asks) => {
    expect(mayAsk(before, after)).toBe(asks);
  });
});

describe('the order of rows', () => {
  it('is that of before in each kind, with what is new behind it', () => {
    const before = state(column('teams', 'id'), column('teams', 'name'), table('teams'));
    const after = state(
      table('users'),
      table('teams'),
      column('teams', 'added'),
      column('teams', 'name'),
      column('teams', 'id', 'int'),
    );
    expect(rows(inPlaceOf(before, after))).toEqual([
      table('teams'),
      table('users'),
      column('teams', 'id', 'int'),
      column('teams', 'name'),
      column('teams', 'added'),
    ]);
  });

  it('loses no row, even of two with one name', () => {
    const twice = state(column('teams', 'id'), column('teams', 'id', 'int'));
    expect(inPlaceOf(twice, twice)).toEqual(twice);
    expect(inPlaceOf(undefined, twice)).toEqual(twice);
  });
});

describe('rows and things by name', () => {
  it('are the same rows again where nothing changed, and not where the table is another', () => {
    const before = state(...TEAMS);
    const forms = openForms([before], before);
    const { tables, ...rest } = forms.toNames(before);
    const { 'public.teams': teams } = tables as Readonly<Record<string, Json>>;
    const again = { ...rest, tables: { 'public.teams': { ...teams } } };
    expect(rows(forms.toRows(again))).toEqual(TEAMS);
    const renamed = { ...rest, tables: { 'public.groups': { ...teams, name: 'groups' } } };
    expect(rows(forms.toRows(renamed))).toEqual([
      table('groups'),
      column('groups', 'id'),
      column('groups', 'name'),
    ]);
  });
});

function rows({ ddl }: Json): readonly Json[] {
  return ddl as readonly Json[];
}
