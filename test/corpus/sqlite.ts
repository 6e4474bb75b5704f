import { COLUMNS } from './sqlite/columns.ts';
import { KEYS } from './sqlite/keys.ts';
import { RENAMES } from './sqlite/renames.ts';
import { VIEWS } from './sqlite/views.ts';
import type { Transition } from './transition.ts';

/** For `turso` as well, whose schemas and snapshots are SQLite's and whose SQL is its own. */
export const SQLITE: readonly Transition[] = [...COLUMNS, ...KEYS, ...VIEWS, ...RENAMES];
