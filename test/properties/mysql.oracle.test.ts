import { daysTest } from './dialect-tests.ts';

daysTest('mysql', 2);
