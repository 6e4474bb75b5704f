import { TABLE_PARTS } from '../../schema/diff/compare.ts';
import { columnWords, describePart } from '../../schema/diff/describe.ts';
import {
  alike,
  listField,
  recordsIn,
  textField,
  type Json,
} from '../../schema/diff/snapshot-json.ts';
import type { Difference } from '../../schema/schema.ts';
import { howOf, type How, type ShownColumn, type ShownPart, type ShownTable } from './shown.ts';

interface Compared {
  readonly name: string;
  /** Its name before, where that was another. */
  readonly was: string | undefined;
  /** Under the names after the change. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Those between the two. */
  readonly differences: readonly Difference[];
  /** Renamed columns: the names before, by those after. */
  readonly columnsWere: ReadonlyMap<string, string>;
}

/** A table with all that it has or had, and what becomes of each. */
export function shownTable(compared: Compared): ShownTable {
  const { name, was, before, after, differences } = compared;
  const columns = columnsOf(compared);
  const parts = partsOf(compared);
  const how =
    before === undefined
      ? 'added'
      : after === undefined
        ? 'dropped'
        : was !== undefined && differences.length === 0
          ? 'renamed'
          : 'changed';
  return { name, ...(was === undefined ? {} : { was }), how, columns, parts };
}

/** One difference of a part of a table, by the part's kind and name. */
function differenceOf(
  { name, differences }: Compared,
  kind: string,
  part: string,
): Difference | undefined {
  return differences.find((one) => one.kind === kind && one.entity === `${name}.${part}`);
}

function columnsOf(compared: Compared): readonly ShownColumn[] {
  const { before, after, columnsWere } = compared;
  const [then, now] = [recordsIn(before ?? {}, 'columns'), recordsIn(after ?? {}, 'columns')];
  const names = [...now.keys(), ...[...then.keys()].filter((name) => !now.has(name))];
  const table = after ?? before ?? {};
  const keys = namesIn(table, 'compositePrimaryKeys', 'columns');
  const referring = namesIn(table, 'foreignKeys', 'columnsFrom');
  return names.map((name): ShownColumn => {
    const column = now.get(name) ?? then.get(name) ?? {};
    const found = differenceOf(compared, 'column', name);
    const was = columnsWere.get(name);
    const [type, ...more] = columnWords(column);
    return {
      name,
      ...(was === undefined ? {} : { was }),
      how: ofWhole(compared) ?? (found ? howOf(found.change) : was ? 'renamed' : 'same'),
      type,
      more: more.join(', '),
      ...(found?.change === 'changed' ? { change: found.detail } : {}),
      isKey: column['primaryKey'] === true || keys.has(name),
      refers: referring.has(name),
    };
  });
}

/** What is in a table that comes or goes does so too. */
function ofWhole({ before, after }: Compared): How | undefined {
  return before === undefined ? 'added' : after === undefined ? 'dropped' : undefined;
}

function namesIn(table: Json, part: string, list: string): ReadonlySet<unknown> {
  return new Set([...recordsIn(table, part).values()].flatMap((one) => listField(one, list)));
}

function partsOf(compared: Compared): readonly ShownPart[] {
  const { before, after, differences } = compared;
  const security = differences.find(({ kind }) => kind === 'row level security');
  return [
    ...Object.entries(TABLE_PARTS).flatMap(([field, kind]) =>
      partsOfKind(compared, kind, recordsIn(before ?? {}, field), recordsIn(after ?? {}, field)),
    ),
    ...(security === undefined
      ? []
      : [
          {
            kind: security.kind,
            name: '',
            how: 'changed' as const,
            text: '',
            change: security.detail,
          },
        ]),
  ];
}

function partsOfKind(
  compared: Compared,
  kind: string,
  then: ReadonlyMap<string, Json>,
  now: ReadonlyMap<string, Json>,
): readonly ShownPart[] {
  const gone = [...then].filter(([name]) => !now.has(name));
  const shown = [...now].map(([name, part]): ShownPart => {
    const found = differenceOf(compared, kind, name);
    const twin =
      found?.change === 'added'
        ? gone.findIndex(([, old]) => alike({ ...old, name: '' }, { ...part, name: '' }))
        : -1;
    const [was] = twin === -1 ? [] : gone.splice(twin, 1);
    return {
      kind,
      name,
      ...(was === undefined ? {} : { was: was[0] }),
      how: was ? 'renamed' : (ofWhole(compared) ?? (found ? howOf(found.change) : 'same')),
      text: textOf(kind, part),
      ...(found?.change === 'changed' ? { change: found.detail } : {}),
    };
  });
  return [
    ...shown,
    ...gone.map(([name, part]) => ({
      kind,
      name,
      how: 'dropped' as const,
      text: textOf(kind, part),
    })),
  ];
}

function textOf(kind: string, part: Json): string {
  const actions = ['onDelete', 'onUpdate'].flatMap((on) => {
    const action = textField(part, on).toLowerCase();
    return action === '' || action === 'no action'
      ? []
      : [`on ${on.slice(2).toLowerCase()} ${action}`];
  });
  const where = textField(part, 'where');
  return [
    describePart(kind, part),
    ...(kind === 'foreign key' ? actions : []),
    ...(kind === 'index' && where !== '' ? [`where ${where}`] : []),
  ].join(' ');
}
