import { COLUMNS } from './mysql/columns.ts';
import { DEFAULT_VALUES } from './mysql/defaults.ts';
import { KEYS } from './mysql/keys.ts';
import { RENAMES } from './mysql/renames.ts';
import { VIEWS } from './mysql/views.ts';
import type { Transition } from './transition.ts';

export const MYSQL: readonly Transition[] = [
  ...COLUMNS,
  ...DEFAULT_VALUES,
  ...KEYS,
  ...VIEWS,
  ...RENAMES,
];
