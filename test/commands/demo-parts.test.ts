import { expect, it } from 'vitest';
import { inShell } from '../../src/commands/demo-parts.ts';

it("the demo's hook names programs as sh takes them, on Windows too", () => {
  expect(inShell('/opt/it is/node', '/')).toBe("'/opt/it is/node'");
  expect(inShell("/home/o'neill/node", '/')).toBe(String.raw`'/home/o'\''neill/node'`);
  expect(inShell(String.raw`C:\Program Files\nodejs\node.exe`, '\\')).toBe(
    "'C:/Program Files/nodejs/node.exe'",
  );
});
