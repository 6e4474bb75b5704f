import { GuardError } from '../../model/errors.ts';
import type { CliContext } from '../../cli-context.ts';
import type { Report } from '../../model/report.ts';
import { showProgress } from '../progress.ts';
import { type Ui } from './ui.ts';
import { counted, listed } from '../../model/words.ts';

/**
 * Runs the whole check and says the result: what was there before does not block. An error of
 * it is reported, and changes nothing about the set-up.
 */
export async function closingCheck(context: CliContext, ui: Ui): Promise<void> {
  const progress = showProgress(context, 'checking the project');
  try {
    const { check } = await import('../../check/check.ts');
    const report = await check({
      cwd: context.cwd,
      env: context.env,
      what: 'index',
      all: true,
    }).finally(progress.done);
    printResult(ui, report);
  } catch (error) {
    if (error instanceof GuardError && error.code === 'no-project') {
      ui.say('note', 'The Drizzle project is not staged yet: its first commit will be checked.');
      return;
    }
    const help = error instanceof GuardError ? error.help : [];
    ui.say(
      'note',
      'The set-up is done, but the project could not be checked: ' +
        `${error instanceof Error ? error.message : String(error)}`,
      [
        ...help,
        'To try again: npx drizzle-guard check. To find the cause: npx drizzle-guard doctor',
      ],
    );
  }
}

function printResult(ui: Ui, report: Report): void {
  const old = report.findings.filter(({ preexisting }) => preexisting === true);
  const errors = report.findings.filter(
    ({ preexisting, severity }) => preexisting !== true && severity === 'error',
  );
  const migrations = report.projects.reduce((sum, project) => sum + project.migrations, 0);
  const size = `${counted(report.projects.length, 'project')}, ${counted(migrations, 'migration')}`;
  if (old.length > 0) {
    const rules = listed([...new Set(old.map(({ rule }) => rule))]);
    ui.say(
      'note',
      `The project has ${counted(old.length, 'pre-existing finding')} (${rules}). ` +
        `${old.length === 1 ? 'It does' : 'They do'} not block: only new findings of a commit do.`,
      ['To show them: npx drizzle-guard check --all'],
    );
  }
  if (errors.length > 0)
    ui.say('note', `What is staged now will be refused: ${counted(errors.length, 'error')}.`, [
      'To show them: npx drizzle-guard check',
    ]);
  if (old.length === 0 && errors.length === 0)
    ui.say('ok', `the check passed: ${size}, no pre-existing findings`);
}
