import * as z from 'zod/mini';
import { nearestWord } from './config/nearest-word.ts';
import { kindOf } from '../model/unknown.ts';

/**
 * An object that has these keys at most. The message about others has a line for each, which begins
 * with the key.
 */
export function object<T extends z.core.$ZodShape>(
  shape: T,
  what = 'an object',
  unknown?: (key: string) => string,
) {
  const known = Object.keys(shape);
  const about = (key: string): string =>
    unknown === undefined
      ? `${key} is not a key the guard knows${meant(key, known)}`
      : `${key}: ${unknown(key)}`;
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(about).join('\n')
        : isNot(what).error(issue),
  });
}

/** A text. `missing`: the message where there is none. */
export function text(description: string, missing?: string) {
  return described(
    z.string({
      error: (issue) =>
        issue.input === undefined && missing !== undefined
          ? missing
          : isNot('a string').error(issue),
    }),
    description,
  );
}

/** A schema with its description for editors. */
export function described<T extends z.ZodMiniType>(schema: T, description: string): T {
  return schema.check(z.describe(description));
}

/** A message: what the value is, and what it has to be. */
export function isNot(what: string) {
  return { error: ({ input }: { readonly input?: unknown }) => ` is ${shown(input)}, not ${what}` };
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'number' ? String(value) : kindOf(value);
}

/** What follows a word that is not in a list. */
export function meant(word: string, list: readonly string[]): string {
  const near = nearestWord(word, list);
  return near === undefined ? `; there are ${list.join(', ')}` : `; did you mean '${near}'?`;
}
