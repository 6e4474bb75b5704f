import { isExpired } from '../../judge/exceptions.ts';
import { GuardError } from '../../model/errors.ts';
import { problem, note, ok, warning, type Probe } from '../diagnosis.ts';
import { counted } from '../../model/words.ts';

export const probe: Probe = {
  id: 'guard-config',
  title: "the guard's config",
  needs: 'repository',
  async probe(setUp) {
    try {
      const { source, rules, allow } = await setUp.guardConfig();
      if (source === undefined) return [ok('none (none is needed)')];
      const softened = Object.entries(rules).filter(([, severity]) => severity !== 'error');
      return [
        ok(`${source}, with ${counted(allow.length, 'exception')}`),
        ...(softened.length === 0
          ? []
          : [
              note(
                'rules that do not refuse here: ' +
                  `${softened.map(([rule, severity]) => `${rule} (${severity})`).join(', ')}`,
              ),
            ]),
        ...allow
          .filter((one) => isExpired(one, setUp.now))
          .map(({ rule, migration, path, until }) =>
            warning(
              `the exception for ${rule} in ${migration ?? path ?? 'everything'} expired (until ${until ?? ''})`,
              {
                text: `Remove it from ${source}, or set a later date. To see what it excused:`,
                run: 'npx drizzle-guard check --all',
              },
            ),
          ),
      ];
    } catch (error) {
      if (!(error instanceof GuardError)) throw error;
      return [
        problem(error.message, ...error.help.map((text) => ({ text })), {
          text: 'Edit it until this exits with 0 or 1:',
          run: 'npx drizzle-guard check',
        }),
      ];
    }
  },
};
