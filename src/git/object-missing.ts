import { GuardError } from '../model/errors.ts';

/** The error for an object that this repository has not got; says how to get it. */
export function objectMissing(oid: string, path: string | undefined, stderr = ''): GuardError {
  const file = path === undefined ? '' : ` of ${path}`;
  return new GuardError('object-missing', `git has not got the object ${oid}${file}`, {
    help: [
      `In a partial clone, fetch it: git cat-file -p ${oid} >${process.platform === 'win32' ? 'NUL' : '/dev/null'}`,
      'Or make the clone whole: git fetch --refetch --no-filter',
      'Otherwise the repository is damaged: git fsck',
    ],
    cause: new Error(stderr === '' ? `${oid} missing` : stderr),
  });
}
