import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { FINE, NOTHING, RICH, UNABLE } from './rich-report.ts';
import { rendered } from './rendered.ts';

const schema = {
  fileName: 'jenkins-junit.xsd',
  contents: readFileSync(new URL('schemas/jenkins-junit.xsd', import.meta.url), 'utf8'),
};

async function problems(xml: string): Promise<readonly string[]> {
  return (await validateXML({ xml: { fileName: 'report.xml', contents: xml }, schema })).errors.map(
    ({ message }) => message,
  );
}

it("libxml finds nothing against it, by the schema of Jenkins' plugin", async () => {
  const notEvaluated = FINE.projects.map(
    ({ config }) => ({ config, why: 'x', checked: true }) as const,
  );
  for (const report of [RICH, FINE, { ...FINE, notEvaluated }, NOTHING, UNABLE])
    expect(await problems(await rendered('junit', report))).toEqual([]);
});

it('the schema refuses a wrong document', async () => {
  const xml = await rendered('junit', RICH);
  for (const wrong of [
    xml.replace(' name="schema-drift"', ''),
    xml.replaceAll('failure', 'problem'),
    xml.replace('</testsuites>', ''),
  ])
    expect(await problems(wrong)).not.toEqual([]);
});
