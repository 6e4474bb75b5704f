import { describe, expect, it } from 'vitest';
import { scene } from '../support/scene.ts';

describe('the guard as it is built, not its sources', () => {
  // A package bundled in by its UMD form still asks for files of its own while it runs.
  it('reads a tsconfig with comments', async () => {
    const repo = await scene();
    await repo.write(
      'tsconfig.json',
      '{\n  // aliases\n  "compilerOptions": { "paths": { "@/*": ["./src/*"] } },\n}\n',
    );
    await repo.edit('src/db/schema/index.ts', (text) =>
      text.replace('./members', '@/db/schema/members'),
    );
    await repo.stage('tsconfig.json', 'src');
    const said = await repo.run(process.execPath, [process.env['GUARD_CLI'] ?? '', 'check']);
    expect(said).toMatchObject({ exitCode: 0, stderr: '' });
    expect(said.stdout).toContain('1 project');
  });
});
