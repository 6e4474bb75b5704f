import * as core from 'drizzle-orm/mysql-core';
import { schemaText } from '../schema-text.ts';

export const { file, things, table, from, alter } = schemaText('mysql', Object.keys(core));
