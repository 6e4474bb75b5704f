import { daysTest } from './dialect-tests.ts';

daysTest('postgresql', 4);
