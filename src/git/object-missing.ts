import { GuardError } from '../model/errors.ts';

/** The error for an object that this repository does not have, with how to get it. */
export function objectMissing(oid: string, path: string | undefined, stderr = ''): GuardError {
  const file = path === undefined ? '' : ` of ${path}`;
  return new GuardError('object-missing', `git does not have the object ${oid}${file}`, {
    help: [
      `In a partial clone, fetch it: git cat-file -p ${oid} >${process.platform === 'win32' ? 'NUL' : '/dev/null'}`,
      'Or complete the clone: git fetch --refetch --no-filter',
      'Otherwise the repository is damaged: git fsck',
    ],
    cause: new Error(stderr === '' ? `${oid} missing` : stderr),
  });
}
