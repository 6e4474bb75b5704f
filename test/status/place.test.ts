import { expect, it } from 'vitest';
import { placeOf } from '../../src/database/place.ts';

const place = (url: string): unknown => {
  try {
    return placeOf(url, 'postgresql', '/').url;
  } catch (error) {
    return String(error);
  }
};

it.each(['p@ss/w#rd', 'p#w', 'a@b/c', 'a/b@c'])('does not hand on the password %s', (password) => {
  const said = String(place(`postgres://me:${password}@localhost/shop`));
  expect(said).toContain('a character of the password in the URL is not encoded');
  expect(said).not.toContain(password);
});

it.each([
  'postgres://me:p%40ss%2Fw%23rd@localhost:5432/shop?sslmode=require&user=me@there',
  'postgres://localhost/shop',
  'postgres://me:a@b@localhost/shop',
  'postgres:///shop?host=/run/postgresql',
])('hands on %s', (url) => {
  expect(place(url)).toBe(url);
});
