import { GuardError } from '../../model/errors.ts';

/** drizzle-kit's own validator does not take the recorded snapshot that it was asked to diff against. */
export class SnapshotRefused extends GuardError {
  /** The first place and what is wrong there: "tables.public.teams.columns: Required". */
  readonly issue: string;

  constructor(issue: string) {
    super('kit-failed', `drizzle-kit does not take the snapshot that it was given: ${issue}`);
    this.issue = issue;
  }
}
