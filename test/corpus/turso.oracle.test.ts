import { corpusTests } from './dialect-tests.ts';

corpusTests('turso');
