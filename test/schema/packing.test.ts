import { expect, it } from 'vitest';
import { copyOf, inReplyTo, inRequest, openPacking } from '../../src/schema/worker/packing.ts';
import type { FolderQuestion } from '../../src/schema/folders.ts';
import type { Reply, Request } from '../../src/schema/worker/protocol.ts';

const kit = { api: '/cli.js', base: '/' };
const row = (name: string): object => ({ entityType: 'tables', name, columns: ['id', name] });
const state = (...ddl: readonly object[]): object => ({ version: '9', dialect: 'postgres', ddl });

function generate(prev: object | undefined, cur: object): Request {
  return {
    kind: 'generate',
    kit,
    dialect: 'postgresql',
    prev,
    cur,
    renames: { answer: 'created' },
  };
}

function about(...jsons: readonly object[]): Request & { readonly kind: 'folders' } {
  const snapshots = jsons.map((json, at) => ({ folder: `${at}_one`, json: { ...json } }));
  return { kind: 'folders', kit, dialect: 'postgresql', question: { ask: 'base', snapshots } };
}

function done(value: unknown): Reply {
  const accesses = { env: [], loaded: [], ofMachine: false, uncacheableBecause: [] };
  return {
    status: 'done',
    value,
    unset: [],
    open: [],
    secrets: [],
    output: '',
    questions: [],
    accesses,
  };
}

/** Both ends of a socket. */
function ends(): readonly [ReturnType<typeof openPacking>, ReturnType<typeof openPacking>] {
  return [openPacking(), openPacking(copyOf)];
}

it('sends a row once, and gives the same content each time', () => {
  const [guard, child] = ends();
  const [teams, users] = [row('teams'), row('users')];
  const first = guard.pack(generate(undefined, state(teams)), inRequest);
  expect(first.fresh).toEqual([teams]);
  expect(child.unpack(structuredClone(first), inRequest)).toEqual(
    generate(undefined, state(teams)),
  );
  const second = guard.pack(generate(state(teams), state(teams, users)), inRequest);
  expect(second.fresh).toEqual([users]);
  expect(child.unpack(structuredClone(second), inRequest)).toEqual(
    generate(state(teams), state(teams, users)),
  );
});

it('gives a copy each time to code that may write to it', () => {
  const [guard, child] = ends();
  const asked = about({ ddl: [row('teams')], __proto__: null });
  const send = (): unknown =>
    child.unpack(structuredClone(guard.pack(asked, inRequest)), inRequest);
  const { question } = send() as { readonly question: FolderQuestion & { readonly ask: 'base' } };
  for (const { json } of question.snapshots) (json['ddl'] as object[]).push(row('more'));
  expect(send()).toEqual(asked);
});

it('sends nothing back that came from there', () => {
  const [guard, child] = ends();
  const [before, after] = [state(row('teams')), state(row('teams'), row('users'))];
  const asked = about({});
  const reply = done({ status: 'ok', before, after });
  const came = guard.unpack(structuredClone(child.pack(reply, inReplyTo(asked))), inReplyTo(asked));
  expect(came).toEqual(reply);
  const { value } = came as { readonly value: { readonly before: object; readonly after: object } };
  const packed = guard.pack(generate(value.before, value.after), inRequest);
  expect(packed.fresh).toEqual([]);
  expect(child.unpack(structuredClone(packed), inRequest)).toEqual(generate(before, after));
});

it('leaves other replies, and lists that hold no rows, as they are', () => {
  const [guard, child] = ends();
  const value = { snapshot: state(row('teams')), table: { ddl: [1, null] } };
  const generated = generate(undefined, {});
  const packed = child.pack(done(value), inReplyTo(generated));
  expect(packed).toEqual({ message: done(value), fresh: [], known: 0 });
  const odd = guard.pack(generate({ ddl: [null] }, { ddl: { tables: 1 } }), inRequest);
  expect(child.unpack(odd, inRequest)).toEqual(generate({ ddl: [null] }, { ddl: { tables: 1 } }));
});

it('takes no message after one that got lost', () => {
  const [guard, child] = ends();
  guard.pack(generate(undefined, state(row('teams'))), inRequest);
  const next = guard.pack(generate(undefined, state(row('users'))), inRequest);
  expect(() => child.unpack(next, inRequest)).toThrow('a message is missing');
  const forged = { message: generate(undefined, { ddl: Uint32Array.of(7) }), fresh: [], known: 0 };
  expect(() => child.unpack(forged, inRequest)).toThrow('names what was never sent');
});

it('copies what JSON has, whatever a key is called', () => {
  const json = JSON.parse('{"__proto__": {"a": [1, {"b": null}]}, "c": true}') as object;
  const copy = copyOf(json);
  expect(JSON.stringify(copy)).toBe(JSON.stringify(json));
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
});
