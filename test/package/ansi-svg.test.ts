import { expect, it } from 'vitest';
import { ansiSvg } from '../../.ci/ansi-svg.mjs';

const LOOK = { columns: 20, title: 'A "title"' };
const texts = (svg: string) =>
  [...svg.matchAll(/<text x="([\d.]+)" y="(\d+)"[^>]*>([^<]*)<\/text>/g)].map(([, x, y, text]) => [
    Number(x),
    Number(y),
    text,
  ]);

it('draws runs of one style at their columns, in their colours', () => {
  const svg = ansiSvg(
    '  \u001B[31m✖\u001B[39m \u001B[1ma < b\u001B[22m & c\n\u001B[2mdim\u001B[22m',
    LOOK,
  );
  expect(texts(svg)).toEqual([
    [38.8, 58, '✖'],
    [55.6, 58, 'a &lt; b'],
    [106, 58, '&amp; c'],
    [22, 78, 'dim'],
  ]);
  expect(svg).toContain('fill="#ff7b72">✖<');
  expect(svg).toContain('font-weight="700">a &lt; b<');
  expect(svg).toContain('opacity="0.6">dim<');
  expect(svg).toContain('<title>A &quot;title&quot;</title>');
});

it('breaks long lines at words, under where they begin', () => {
  expect(
    texts(ansiSvg('  one two three four five six', LOOK)).map(([x, , text]) => [x, text]),
  ).toEqual([
    [38.8, 'one two three four'],
    [38.8, 'five six'],
  ]);
});

it('refuses what it cannot show', () => {
  expect(() => ansiSvg('\u001B[2Kgone', LOOK)).toThrow('cannot show');
  expect(() => ansiSvg('\u001B[7mturned', LOOK)).toThrow('does not know the style 7');
  expect(() => ansiSvg('x'.repeat(21), LOOK)).toThrow('longer than the picture is wide');
});
