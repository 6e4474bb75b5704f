import { COLUMNS } from './postgresql/columns.ts';
import { DEFAULT_VALUES } from './postgresql/defaults.ts';
import { ENUMS } from './postgresql/enums.ts';
import { EVERYDAY } from './postgresql/everyday.ts';
import { INDEX_CHANGES } from './postgresql/indexes.ts';
import { KEYS } from './postgresql/keys.ts';
import { NAMES } from './postgresql/names.ts';
import { RENAMES } from './postgresql/renames.ts';
import { RIGHTS } from './postgresql/rights.ts';
import { SCHEMAS } from './postgresql/schemas.ts';
import { SEQUENCES } from './postgresql/sequences.ts';
import { VIEWS } from './postgresql/views.ts';
import type { Transition } from './transition.ts';

export const POSTGRESQL: readonly Transition[] = [
  ...COLUMNS,
  ...DEFAULT_VALUES,
  ...KEYS,
  ...INDEX_CHANGES,
  ...ENUMS,
  ...VIEWS,
  ...RIGHTS,
  ...SEQUENCES,
  ...SCHEMAS,
  ...RENAMES,
  ...NAMES,
  ...EVERYDAY,
];
