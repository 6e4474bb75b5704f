import { daysTest } from './dialect-tests.ts';

daysTest('sqlite', 2);
