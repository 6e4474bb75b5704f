import type { How, ShownColumn, ShownTable } from '../../../facts/show/shown.ts';
import { escapeControls } from '../../escape.ts';
import { partText, sameColumns, shownParts } from '../words.ts';
import { LINE, widthOf, wrapped } from './measure.ts';

/** A box of the picture, measured: a table that changes, or one near it. */
export interface Card {
  readonly name: string;
  readonly kind: 'card' | 'near';
  readonly how: How;
  readonly width: number;
  readonly height: number;
  readonly rows: readonly Row[];
}

/** One row of a card, as high as its lines. */
export interface Row {
  readonly kind: 'head' | 'column' | 'part' | 'fold';
  readonly how: How;
  /** From the top of the card. */
  readonly y: number;
  readonly height: number;
  readonly cells: readonly Cell[];
  /** The foreign key that it is about: its line begins here. */
  readonly key?: string;
}

export interface Cell {
  readonly kind: 'name' | 'text' | 'change';
  /** From the left of the card. */
  readonly x: number;
  readonly width: number;
  readonly lines: readonly string[];
}

/** Left of all text: the sign of what changed. */
export const SIGN = 24;
const PAD = 12;
const GAP = 14;
const NAME = 170;
const TEXT = 236;
/** Above and below the text of a row. */
const AIR = 4;
/** Rows of columns that a card has room for. */
const MOST_COLUMNS = 28;
const MOST_PARTS = 14;

type Draft = Omit<Row, 'y' | 'height' | 'cells'> & {
  readonly cells: readonly Omit<Cell, 'x' | 'width'>[];
};

/** The card of a table that changes, as wide and high as its text needs. */
export function cardOf(table: ShownTable): Card {
  const changed = table.columns.filter(({ how }) => how !== 'same');
  const parts = shownParts(table);
  const same = table.parts.filter(({ how }) => how === 'same').length;
  const drafts: readonly Draft[] = [
    { kind: 'head', how: table.how, cells: [name(table.name), ...subtitle(table)] },
    ...changed.slice(0, MOST_COLUMNS).map(columnRow),
    ...fold(changed.length - MOST_COLUMNS, ['more column', 'more columns'], 'below'),
    ...(sameColumns(table) === '' ? [] : [line(sameColumns(table))]),
    ...parts.slice(0, MOST_PARTS).map((part): Draft => ({
      kind: 'part',
      how: part.how,
      cells: [{ kind: 'text', lines: [partText(part)] }],
      ...(part.kind === 'foreign key' ? { key: part.name } : {}),
    })),
    ...fold(parts.length - MOST_PARTS, ['more key or index', 'more keys and indexes'], 'below'),
    ...fold(same, ['key or index', 'keys and indexes'], 'as before'),
  ];
  return placed(table.name, 'card', table.how, drafts);
}

/** Whether a card leaves out some of what changes. */
export function isCut(table: ShownTable): boolean {
  return (
    table.columns.filter(({ how }) => how !== 'same').length > MOST_COLUMNS ||
    shownParts(table).length > MOST_PARTS
  );
}

/** The box of a table that does not change. */
export function nearCard(table: string): Card {
  return placed(table, 'near', 'same', [{ kind: 'head', how: 'same', cells: [name(table)] }]);
}

function name(text: string): Draft['cells'][number] {
  return { kind: 'name', lines: [text] };
}

function line(text: string): Draft {
  return { kind: 'fold', how: 'same', cells: [{ kind: 'text', lines: [text] }] };
}

/** @param nouns of one and of several */
function fold(
  count: number,
  [one, several]: readonly [string, string],
  more: string,
): readonly Draft[] {
  return count <= 0 ? [] : [line(`${count} ${count === 1 ? one : several} ${more}`)];
}

function subtitle({ how, was }: ShownTable): readonly Draft['cells'][number][] {
  const words = [
    ...(how === 'added' ? ['new table'] : how === 'dropped' ? ['dropped, with its rows'] : []),
    ...(was === undefined ? [] : [`was ${was}`]),
  ];
  return words.length === 0 ? [] : [{ kind: 'change', lines: [words.join(', ')] }];
}

function columnRow({ name: own, was, how, type, more, change }: ShownColumn): Draft {
  const now = more === '' ? type : `${type}, ${more}`;
  const before = was === undefined ? '' : `was ${was}`;
  const notes = [before, change?.replaceAll(' -> ', ' → ') ?? ''].filter((one) => one !== '');
  return {
    kind: 'column',
    how,
    cells: [
      name(own),
      { kind: 'text', lines: [now] },
      ...notes.map((one) => ({ kind: 'change' as const, lines: [one] })),
    ],
  };
}

/** Measures the rows, and puts one below the other. */
function placed(own: string, kind: Card['kind'], how: How, drafts: readonly Draft[]): Card {
  const columns = drafts.filter((one) => one.kind === 'column');
  const widest = (of: readonly Draft[], which: (cell: Draft['cells'][number]) => boolean): number =>
    Math.max(
      0,
      ...of.flatMap(({ cells }) =>
        cells.filter(which).flatMap(({ lines }) => lines.map((one) => widthOf(safe(one)))),
      ),
    );
  const names = Math.min(NAME, Math.ceil(widest(columns, (cell) => cell.kind === 'name')));
  const texts = Math.min(TEXT, Math.ceil(widest(columns, (cell) => cell.kind !== 'name')));
  const ofColumns = columns.length === 0 ? 0 : names + GAP + texts;
  const others = drafts.filter((one) => one.kind !== 'column');
  const most = kind === 'near' ? NAME : NAME + GAP + TEXT;
  const inner = Math.max(ofColumns, Math.min(most, Math.ceil(widest(others, () => true))));
  const left = kind === 'near' ? PAD : SIGN + PAD;
  let y = 0;
  const rows = drafts.map((draft): Row => {
    const isColumn = draft.kind === 'column';
    const cells = draft.cells.map((cell): Cell => {
      const x = left + (isColumn && cell.kind !== 'name' ? names + GAP : 0);
      const width = isColumn ? (cell.kind === 'name' ? names : inner - names - GAP) : inner;
      return { ...cell, x, width, lines: cell.lines.flatMap((one) => wrapped(safe(one), width)) };
    });
    const lines = isColumn
      ? Math.max(
          linesIn(cells.filter((cell) => cell.kind === 'name')),
          linesIn(cells.filter((cell) => cell.kind !== 'name')),
        )
      : linesIn(cells);
    const height = lines * LINE + (draft.kind === 'head' ? 2 * AIR + 4 : AIR);
    const row = { ...draft, y, height, cells };
    y += height;
    return row;
  });
  return { name: own, kind, how, width: left + inner + PAD, height: y + AIR, rows };
}

/** On one line, and without what would turn it round. */
function safe(text: string): string {
  return escapeControls(text).replaceAll(/\s+/g, ' ');
}

function linesIn(cells: readonly Cell[]): number {
  return cells.reduce((sum, { lines }) => sum + lines.length, 0);
}
