import * as core from 'drizzle-orm/pg-core';
import { schemaText } from '../schema-text.ts';

export const { file, things, table, from, alter } = schemaText('pg', Object.keys(core));
