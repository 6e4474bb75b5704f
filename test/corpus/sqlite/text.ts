import * as core from 'drizzle-orm/sqlite-core';
import { schemaText } from '../schema-text.ts';

export const { file, things, table, from, alter } = schemaText('sqlite', Object.keys(core));
