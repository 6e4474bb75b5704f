import type { ShownChange, ShownColumn, ShownEdge, ShownTable } from '../../facts/show/shown.ts';
import { escapeControls } from '../escape.ts';
import { byWeight, columnNote, sameColumns, SIGNS } from './words.ts';

/** How much goes into one picture. GitHub draws no more than 50,000 characters. */
export interface Room {
  readonly tables: number;
  readonly columns: number;
  readonly neighbours: number;
}

/** A picture, and what there is no room for. */
export interface Mermaid {
  /** Without its fence; '' where no table changes. */
  readonly text: string;
  /** Tables that change and are not in it. */
  readonly left: readonly string[];
  /** Neighbours that are not in it. */
  readonly leftNeighbours: readonly string[];
}

/**
 * Changed tables as a mermaid `erDiagram`, which GitHub and GitLab draw: what changes stands in the
 * comment of a column and on an edge. No `classDef`: older hosts refuse the picture for it.
 */
export function mermaidOf(change: ShownChange, room: Room): Mermaid {
  const chosen = byWeight(change.tables);
  const tables = chosen.slice(0, room.tables).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const near = change.neighbours.filter((name) =>
    change.edges.some(
      ({ from, to }) =>
        [from, to].includes(name) && tables.some((one) => [from, to].includes(one.name)),
    ),
  );
  const neighbours = near.slice(0, room.neighbours);
  const names = new Map(
    [...tables.map(({ name }) => name), ...neighbours].map((name, at) => [name, entity(name, at)]),
  );
  const edges = change.edges.filter(({ from, to }) => names.has(from) && names.has(to));
  return {
    text:
      tables.length === 0
        ? ''
        : [
            'erDiagram',
            ...tables.flatMap((table) => entityLines(table, names.get(table.name), room)),
            ...neighbours.map((name) => `  ${names.get(name)?.shown}`),
            ...edges.map((edge) => relation(edge, names)),
          ].join('\n'),
    left: chosen.slice(room.tables).map(({ name }) => name),
    leftNeighbours: near.slice(room.neighbours),
  };
}

interface Entity {
  readonly id: string;
  /** The id, and the name where that is another. */
  readonly shown: string;
}

/** What mermaid takes for a name as it stands: neither a word of its grammar nor an id from here. */
const PLAIN =
  /^(?!(?:t\d+|u|md|to|one|only|many|zero|end|class|classdef|style|linkstyle|title|direction|subgraph|default|interpolate|erdiagram|acctitle|accdescr)$)[a-z]\w*$/i;

function entity(name: string, at: number): Entity {
  if (PLAIN.test(name)) return { id: name, shown: name };
  const id = `t${at}`;
  return { id, shown: `${id}["${label(name)}"]` };
}

function entityLines(
  table: ShownTable,
  entityOf: Entity | undefined,
  { columns: room }: Room,
): readonly string[] {
  const { shown = '' } = entityOf ?? {};
  const changed = table.columns.filter(({ how }) => how !== 'same');
  const rest = changed.length - room;
  const lines = [
    ...mark(table),
    ...changed.slice(0, room).map(columnLine),
    ...(rest > 0 ? [more(`and ${rest} more columns like these`)] : []),
    ...(sameColumns(table) === '' ? [] : [more(sameColumns(table))]),
  ];
  return [`  ${shown} {`, ...lines.map((line) => `    ${line}`), '  }'];
}

/** What became of the whole table. */
function mark({ how, was }: ShownTable): readonly string[] {
  const words = [
    ...(how === 'added' || how === 'dropped' ? [how.toUpperCase()] : []),
    ...(was === undefined ? [] : [`was ${was}`]),
  ];
  return words.length === 0 ? [] : [more(`table ${words.join(', ')}`)];
}

function more(text: string): string {
  return `… … "${label(text)}"`;
}

function columnLine(column: ShownColumn): string {
  const { name, type, isKey, refers } = column;
  const keys = [...(isKey ? ['PK'] : []), ...(refers ? ['FK'] : [])].join(', ');
  const [shownType, shownName] = [word(type), word(name)];
  const note = [
    // What mermaid takes for a word has no spaces and few signs.
    ...(shownName === name ? [] : [name]),
    columnNote(column),
  ].filter((one) => one !== '');
  return [
    shownType,
    shownName,
    ...(keys === '' ? [] : [keys]),
    ...(note.length === 0 ? [] : [`"${label(note.join(': '))}"`]),
  ].join(' ');
}

function relation(
  { from, to, how, columns, optional }: ShownEdge,
  names: ReadonlyMap<string, Entity>,
): string {
  const line = how === 'dropped' ? '..' : '--';
  const sign = SIGNS[how];
  const text = `${sign === '' ? '' : `${sign} `}${columns.join(', ')}`;
  return `  ${names.get(from)?.id} }o${line}${optional ? 'o|' : '||'} ${names.get(to)?.id} : "${label(text)}"`;
}

/** A word as mermaid's columns have them; one that it takes for a key gets a line below it. */
function word(text: string): string {
  const one = escapeControls(text)
    .replaceAll(/[^\w[\]()*\u00C0-\uFFFF-]+/g, '_')
    .replace(/^(?![A-Za-z_*\u00C0-\uFFFF])/, '_')
    .slice(0, LONGEST);
  return /^(?:pk|fk|uk)$/i.test(one) ? `${one}_` : one;
}

/** Text between quotes, in which nothing ends it and nothing is taken for markup or a code. */
function label(text: string): string {
  const one = escapeControls(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll('"', "'")
    .replaceAll('%', '％')
    .replaceAll('\\', '＼')
    .replaceAll('#', '＃')
    .replaceAll(';', '；')
    .replaceAll('<', '‹')
    .replaceAll('`', "'");
  const points = [...one];
  return points.length > LONGEST ? `${points.slice(0, LONGEST).join('')}…` : one || ' ';
}

const LONGEST = 80;
