import type { Asking, FromProcess } from '../messages.ts';
import type { Accesses, Failure, Reply, Request, Secrets } from '../protocol.ts';
import { runConfig, runSchema } from './evaluate.ts';
import { describe } from './failure.ts';
import { copyOf, inReplyTo, inRequest, openPacking } from '../packing.ts';
import { hasValue, hideSecrets, secretsIn } from '../secrets.ts';
import { openLoader } from './loader.ts';
import { isolate } from './isolation.ts';
import { openCompiledCode } from './compiled-code.ts';
import { keepCode } from '../../kit/foreign-module.ts';
import { loadKit } from '../../kit/load-kit.ts';
import { askTree } from './question.ts';
import { codeIn, onNext, send } from './port.ts';
import { openTreeFiles } from './tree-files.ts';
import { openRecorder } from './recorder.ts';
import { validate } from './validate.ts';

/** The process that runs a user's code and drizzle-kit: one request at a time, one reply each. */
const isolation = isolate();
const files = openTreeFiles();
const loader = openLoader(files.loading);
const recorder = openRecorder(loader.isServed);
const code = openCompiledCode(codeIn);
keepCode(code);
// drizzle-kit may write to what it is given.
const { pack, unpack } = openPacking(copyOf);

takeNext();

function takeNext(): void {
  onNext((asking) => void respond(asking));
}

async function respond({ request: packed, timeLimit }: Asking): Promise<void> {
  loader.limitTo(timeLimit);
  const request = unpack(packed, inRequest);
  send({ reply: pack(await reply(request), inReplyTo(request)) } satisfies FromProcess);
  // Before it is of use, little of it has run. The next request may be on its way.
  if (request.kind !== 'preload') setTimeout(handOver, SOON);
  takeNext();
}

/** Milliseconds. */
const SOON = 5;

function handOver(): void {
  for (const kept of code.fresh()) send(kept satisfies FromProcess);
}

async function reply(request: Request): Promise<Reply> {
  isolation.reset();
  recorder.begin();
  let why: Failure['why'] = 'kit';
  try {
    if ('top' in request) {
      files.serve(request.top, askTree);
      loader.serve(request.top, request.code);
    }
    const { value, unset = [], open = [] } = await answer(request, (now) => (why = now));
    isolation.assertNoExit();
    files.assertServed();
    return {
      status: 'done',
      value,
      unset,
      open,
      secrets: secretsOf(value),
      output: isolation.output(),
      questions: isolation.questions(),
      accesses: accessesOf(request),
    };
  } catch (error) {
    const accesses = accessesOf(request);
    const secrets = secretsIn(recorder.seen());
    const hide = (text: string): string => hideSecrets(text, secrets);
    return {
      status: 'failed',
      ...describe(error, why, hide),
      output: hide(isolation.output()),
      accesses,
    };
  } finally {
    files.restore();
    loader.restore();
  }
}

function secretsOf(value: unknown): Secrets {
  const secrets = secretsIn(recorder.seen());
  if (secrets.length === 0) return secrets;
  const text = JSON.stringify(value) ?? '';
  return secrets.filter(([secret]) => hasValue(text, secret));
}

function accessesOf(request: Request): Accesses {
  const accesses = recorder.accesses();
  return {
    ...accesses,
    loaded: 'kit' in request ? [request.kit.api, ...accesses.loaded] : accesses.loaded,
  };
}

interface Answer {
  readonly value: unknown;
  readonly unset?: readonly string[];
  readonly open?: readonly string[];
}

async function answer(request: Request, doing: (why: Failure['why']) => void): Promise<Answer> {
  switch (request.kind) {
    case 'preload':
      loadKit(request.kit);
      return { value: undefined };
    case 'schema': {
      doing('threw');
      return runSchema(request, isolation, recorder, loader, async (exported) => {
        doing('kit');
        const kit = loadKit(request.kit);
        doing('refused');
        return kit.serialize(request.dialect, exported, request.casing);
      });
    }
    case 'config':
      doing('threw');
      return runConfig(request, isolation, recorder, loader);
    case 'generate': {
      const kit = loadKit(request.kit);
      doing('refused');
      return {
        value: await isolation.answering(request.renames, (choose) =>
          kit.generate(request.dialect, request.prev, request.cur, choose),
        ),
      };
    }
    case 'snapshots':
      return { value: validate(request, loadKit(request.kit)) };
    case 'folders': {
      const kit = loadKit(request.kit);
      if (kit.layout !== 'folders') throw new TypeError('this drizzle-kit has no folders');
      doing('refused');
      return { value: await kit.history.answer(request.dialect, request.question) };
    }
  }
}
