/**
 * drizzle-kit's own `generate`, `check` and `up` of `drizzle-kit/cli`, loaded once and called as
 * often as asked: a run of its program takes a second, nearly all of it for loading.
 */
const [, , cli] = process.argv;
const commands = await import(cli);
process.exit = (code) => {
  throw new Error(`process.exit(${code})`);
};
process.on('disconnect', () => process.kill(process.pid));
process.on('message', async ({ cwd, command, options }) => {
  process.chdir(cwd);
  let answer;
  try {
    answer = await commands[command](options);
  } catch (error) {
    answer = { status: 'error', error: { code: 'thrown', message: String(error) } };
  }
  process.send(answer);
});
process.send('loaded');
