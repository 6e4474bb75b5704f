'use strict';
const { PassThrough } = require('node:stream');
const { stripVTControlCharacters } = require('node:util');

/**
 * Makes this process look like a terminal with a person at it, who answers drizzle-kit's questions
 * about renames as CORPUS_RENAMES says, and says "created" to all others. It shares no code with the guard's own
 * answers, which the corpus judges. To be made before drizzle-kit is loaded: its prompts (hanji)
 * keep the `process.stdin` that they find then. A name is given as the question shows it: `table`,
 * or `schema.table` outside of public.
 */
function openTerminal() {
  let left = [];
  let heard = new Set();
  let printed = '';
  let busy = false;

  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  const press = (name) =>
    stdin.emit('keypress', undefined, {
      name,
      ctrl: false,
      meta: false,
      shift: false,
      sequence: '',
    });
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });

  const see = (text) => {
    const asked = /^Is (.*) created or renamed from another (\w+)\?$/m.exec(text);
    if (asked === null || busy) return;
    const choices = text.slice(asked.index).split('\n').slice(1);
    const fits = ({ from, to, within, kind = asked[2], again }) =>
      choiceOf(choices, from, to) > 0 &&
      kind === asked[2] &&
      (within === undefined || asked[1].endsWith(` column in ${within} table`)) &&
      (again === undefined || heard.has(asked[0]));
    const taken = left.find(fits);
    heard.add(asked[0]);
    const downs = taken === undefined ? 0 : choiceOf(choices, taken.from, taken.to);
    left = left.filter((one) => one !== taken);
    setImmediate(() => {
      // Every key draws the question again.
      busy = true;
      for (let step = 0; step < downs; step += 1) press('down');
      press('return');
      busy = false;
    });
  };
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    Object.assign(stream, {
      isTTY: true,
      columns: 120,
      write(chunk, ...rest) {
        const text = stripVTControlCharacters(String(chunk));
        printed += text;
        see(text);
        return write(chunk, ...rest);
      },
    });
  }
  return {
    /** `renames` undefined: there is no terminal, and drizzle-kit refuses to ask. */
    expect(renames) {
      for (const stream of [process.stdin, process.stdout, process.stderr])
        stream.isTTY = renames !== undefined;
      left = [...(renames ?? [])];
      heard = new Set();
      printed = '';
    },
    /** All that was printed since, and a line about renames that drizzle-kit did not ask about. */
    printed: () =>
      left.length === 0 ? printed : `${printed}\nnobody asked about ${JSON.stringify(left)}\n`,
  };
}

/** Where the rename stands among the choices; the first of them, 0, is to create. */
function choiceOf(choices, from, to) {
  return choices.findIndex((choice) => choice.slice(2).startsWith(`~ ${from} › ${to} `));
}

module.exports = { openTerminal };

// As a preload script of drizzle-kit's own program.
const renames = process.env['CORPUS_RENAMES'];
if (renames !== undefined) {
  const terminal = openTerminal();
  terminal.expect(JSON.parse(renames));
  process.on('exit', () => process.stdout.write(terminal.printed().split('\n').at(-2) ?? ''));
}
