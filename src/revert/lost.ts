import { compareSnapshots } from '../schema/diff/compare.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import type { Difference } from '../schema/schema.ts';
import type { Rename } from '../schema/worker/protocol.ts';
import { shown } from '../rebase/renames.ts';
import type { Loss } from './outcome.ts';
import type { UndoneStep } from './ways.ts';

/**
 * What is not as it was after going back.
 * @param from the state that the way back starts from; undefined: nothing; @param renames of the way back
 */
export function lossesOf(
  from: Json | undefined,
  to: Json,
  renames: readonly Rename[],
  steps: readonly UndoneStep[],
): readonly Loss[] {
  const renamed = new Set(
    renames.flatMap(({ table, from: old, to: now }) => {
      const at = table === undefined ? '' : `${shown(table.schema, table.table)}.`;
      return [`${at}${old}`, `${at}${now}`];
    }),
  );
  const known = new Set([...renamed, ...steps.flatMap(({ changed }) => changed)]);
  const differences = compareSnapshots(from, to).filter(({ entity }) => !renamed.has(entity));
  return [
    ...differences
      .filter(({ entity, owner }) => !known.has(entity) && !known.has(owner))
      .map(({ entity, detail }): Loss => ({ kind: 'besides', entity, detail })),
    ...differences.flatMap(lossIn),
    ...steps.flatMap((step) => customIn(step)),
  ];
}

/** The statements of migrations that somebody wrote. */
export function customIn({ name, byHand }: UndoneStep): readonly Loss[] {
  return byHand.length === 0
    ? []
    : [{ kind: 'custom', entity: name, detail: byHand.map(inOneLine).join('\n') }];
}

function lossIn({ kind, change, entity, detail }: Difference): readonly Loss[] {
  if (kind === 'table' || kind === 'column') {
    if (change === 'added') return [{ kind: 'empty', entity, detail }];
    if (change === 'removed') return [{ kind: 'goes', entity, detail }];
    return kind === 'column' && isOfType(detail) ? [{ kind: 'converted', entity, detail }] : [];
  }
  if (kind !== 'enum') return [];
  // Its columns are said.
  if (change !== 'changed') return [];
  const labels = detail.split(', ');
  return [
    ...labels
      .filter((text) => text.endsWith(' removed'))
      .map((text): Loss => ({ kind: 'label-goes', entity, detail: text })),
    ...labels
      .filter((text) => text.endsWith(' added'))
      .map((text): Loss => ({ kind: 'label-empty', entity, detail: text })),
  ];
}

/** "integer -> text", which comes first; not "not null -> nullable" or "default 1 -> default 2". */
function isOfType(detail: string): boolean {
  return !/^(?:(?:no )?(?:primary key|autoincrement|default)|not null|nullable|\w+:) /.test(detail);
}

function inOneLine(statement: string): string {
  const line = statement.replaceAll(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}
