import type { Fix } from '../model/finding.ts';

/** A JSON Schema, or a part of one. */
export type Schema = object;

/**
 * An object with one property for each of the type's: a property that is missing here, or is no
 * more, does not compile.
 */
export interface ObjectOf<T> {
  readonly type: 'object';
  readonly description: string;
  readonly required: readonly (keyof T)[];
  readonly properties: { readonly [Key in keyof Required<T>]: Schema };
}

export const string = (description: string): Schema => ({ type: 'string', description });
export const count = (description: string): Schema => ({
  type: 'integer',
  minimum: 0,
  description,
});
export const list = (items: Schema, description: string): Schema => ({
  type: 'array',
  items,
  description,
});

export const FIX: ObjectOf<Fix> = {
  type: 'object',
  description: 'One step of the fix.',
  required: ['text'],
  properties: {
    text: string('A sentence.'),
    run: string(
      'The command that can be pasted, from the top of the repository; may have several lines.',
    ),
    sql: string('SQL that can be pasted; may have several lines.'),
  },
};
