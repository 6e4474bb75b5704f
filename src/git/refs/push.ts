import { GuardError } from '../../model/errors.ts';

/** One line that git hands to a pre-push hook. */
export interface PushedRef {
  readonly localRef: string;
  /** Undefined where the remote's ref is to be deleted. */
  readonly localOid?: string;
  readonly remoteRef: string;
  /** Undefined where the remote has not got the ref yet. */
  readonly remoteOid?: string;
}

/**
 * The local ref is what was typed to `git push` and may hold blanks (`:/some words`); the remote
 * one is a ref.
 */
const LINE = /^(.+) ([0-9a-f]{40,64}) (\S+) ([0-9a-f]{40,64})$/;
const NONE = /^0+$/;

/**
 * Parses the standard input of a pre-push hook: `<local ref> <local oid> <remote ref> <remote
 * oid>`, a line each, an oid of zeros where there is none (githooks(5)). No line at all: nothing is
 * pushed.
 * @throws GuardError `usage` for anything else.
 */
export function parsePushRefs(text: string): readonly PushedRef[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
}

/** A ref that a push changes, as git passes it to the receiving repository's hook. */
const RECEIVED = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (refs\/\S+)$/;

/**
 * Parses the standard input of a pre-receive hook: `<old oid> <new oid> <ref>`, a line each, an oid
 * of zeros where there is none (githooks(5)). The ref's name in the pushing clone is not passed.
 * @throws GuardError `usage` for anything else.
 */
export function parseReceivedRefs(text: string): readonly PushedRef[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, old, oid, ref] = RECEIVED.exec(line) ?? [];
      if (
        old === undefined ||
        oid === undefined ||
        ref === undefined ||
        old.length !== oid.length
      ) {
        throw new GuardError(
          'usage',
          `this is no line of a pre-receive hook: ${JSON.stringify(line)}`,
          { help: ['git itself calls the hook, with the refs on standard input.'] },
        );
      }
      return {
        localRef: ref,
        remoteRef: ref,
        ...(NONE.test(oid) ? {} : { localOid: oid }),
        ...(NONE.test(old) ? {} : { remoteOid: old }),
      };
    });
}

function parseLine(line: string): PushedRef {
  const [, localRef, localOid, remoteRef, remoteOid] = LINE.exec(line) ?? [];
  if (
    localRef === undefined ||
    localOid === undefined ||
    remoteRef === undefined ||
    remoteOid === undefined
  ) {
    throw new GuardError('usage', `this is no line of a pre-push hook: ${JSON.stringify(line)}`, {
      help: ['git itself calls the hook, with the refs on standard input.'],
    });
  }
  return {
    localRef,
    remoteRef,
    ...(NONE.test(localOid) ? {} : { localOid }),
    ...(NONE.test(remoteOid) ? {} : { remoteOid }),
  };
}
