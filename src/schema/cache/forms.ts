import type { EvaluatedConfig } from '../evaluate-config.ts';
import type { EvaluatedSchema } from '../schema.ts';
import { isRecord, isStringArray } from '../../model/unknown.ts';

/** An evaluated schema as plain JSON; one that a missing variable decides is not stored. */
export function packSchema({ closure, consulted, ...rest }: EvaluatedSchema): unknown {
  if (rest.status === 'unset') return undefined;
  return { ...rest, closure: [...closure], consulted: [...consulted] };
}

/** @returns undefined for anything else. */
export function unpackSchema(packed: unknown): EvaluatedSchema | undefined {
  if (!isRecord(packed) || !isStringArray(packed['closure']) || !isStringArray(packed['consulted']))
    return undefined;
  const [closure, consulted] = [new Set(packed['closure']), new Set(packed['consulted'])];
  const { status, snapshot, open, message, path, line, chain, detail } = packed;
  if (status === 'ok')
    return isRecord(snapshot)
      ? { status, snapshot, closure, consulted, ...(isStringArray(open) ? { open } : {}) }
      : undefined;
  if (
    status !== 'unreadable' ||
    typeof message !== 'string' ||
    typeof path !== 'string' ||
    !isStringArray(chain)
  )
    return undefined;
  return {
    status,
    message,
    path,
    chain,
    closure,
    consulted,
    ...(typeof line === 'number' ? { line } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
  };
}

/**
 * An evaluated config as plain JSON; one that loads nowhere is not stored, nor one with a value of a
 * variable in it.
 */
export function packConfig(config: EvaluatedConfig): unknown {
  if (config.status === 'ok') {
    const { status: _, hide, isBefore1: __, ...rest } = config;
    return hide === undefined ? rest : undefined;
  }
  const { elsewhere, message, reads } = config;
  return elsewhere === true ? { elsewhere, message, reads } : undefined;
}

/** @returns undefined for anything else. */
export function unpackConfig(packed: unknown): EvaluatedConfig | undefined {
  if (!isRecord(packed) || !isStringArray(packed['reads'])) return undefined;
  const { value, open, elsewhere, message, reads } = packed;
  if (elsewhere === true && typeof message === 'string')
    return { status: 'unreadable', elsewhere, message, reads };
  return 'value' in packed
    ? { status: 'ok', value, reads, ...(isStringArray(open) ? { open } : {}) }
    : undefined;
}
