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
  const { status, snapshot, message, path, line, chain, detail } = packed;
  if (status === 'ok')
    return isRecord(snapshot) ? { status, snapshot, closure, consulted } : undefined;
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

/** An evaluated config as plain JSON; one that does not load is not stored. */
export function packConfig(config: EvaluatedConfig): unknown {
  return config.status === 'ok' ? { value: config.value, reads: config.reads } : undefined;
}

/** @returns undefined for anything else. */
export function unpackConfig(packed: unknown): EvaluatedConfig | undefined {
  return isRecord(packed) && 'value' in packed && isStringArray(packed['reads'])
    ? { status: 'ok', value: packed['value'], reads: packed['reads'] }
    : undefined;
}
