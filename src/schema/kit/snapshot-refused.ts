import { GuardError } from '../../model/errors.ts';

/** drizzle-kit's own validator refuses the committed snapshot that it has to compare with. */
export class SnapshotRefused extends GuardError {
  /** The first invalid field and what is wrong with it: "tables.public.teams.columns: Required". */
  readonly issue: string;

  constructor(issue: string) {
    super('kit-failed', `drizzle-kit does not take the snapshot that it was given: ${issue}`);
    this.issue = issue;
  }
}
