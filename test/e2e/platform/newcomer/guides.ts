import { type Operation, operationsOf } from '../../../support/operations';
import { propertiesOf } from '../../../support/examples';
import { type Stack } from '../../../support/modes';
import { pageAt, pages } from '../../../support/pages';
import { itWithCurl, NEEDS_CURL, runLines } from '../../../support/shell';

/** Routes that guides make up. */
const MADE_UP = /\/vehicles\b/;
const ROUTE =
  /\b(GET|POST|PUT|PATCH|DELETE) ((?:\/?api\/v[12]\/|\/)?(?:public|app|admin)\/[\w/{}:.-]+)(?: \{([\w, ]+)\})?/g;

/** Rule: what pages say of routes is so, and their lines can be run. */
export function guides(stack: () => Stack): void {
  describe('the guides', () => {
    it('name routes that there are, and fields that their bodies have', () => {
      const operations = operationsOf(stack().contracts);
      const told = pages().flatMap(({ path, text }) => [...text.matchAll(ROUTE)].map((match) => ({ path, match })));
      expect(told.length).toBeGreaterThan(20);
      const wrong = told
        .filter(({ match: [route] }) => !MADE_UP.test(route))
        .flatMap(({ match, path }) => wrongIn(operations, match).map((violation) => `${path}: ${violation}`));
      expect(wrong).toEqual([]);
    });

    // Each page is for readers who have just started, so every block goes on where the one before ended.
    itWithCurl.each(['docs/guides/sign-in.md'])(
      `hold lines for a shell that answer with success: %s${NEEDS_CURL}`,
      async (page) => {
        const lines = pageAt(page).commands.map((line) =>
          line.replaceAll('localhost:3000', new URL(stack().base).host),
        );
        expect(lines.filter((line) => line.includes('curl')).length).toBeGreaterThan(5);
        await runLines(lines);
      },
    );
  });
}

function wrongIn(operations: readonly Operation[], [said, method, path = '', fields]: RegExpExecArray): string[] {
  const shape = (text: string): string => text.replace(/\{[^}]*\}|:\w+/g, '{}');
  const route = `/${path
    .replace(/^\//, '')
    .replace(/^api\/v\d\//, '')
    .replace(/[.:]$/, '')}`;
  const operation = operations.find((one) => one.method === method && shape(one.route) === shape(route));
  if (!operation) return [`${said}: there is no such route`];
  const known = operation.body ? propertiesOf(operation.body, operation.document) : [];
  const strange = (fields?.split(/, ?/) ?? []).filter((field) => !known.includes(field));
  return strange.map((field) => `${said}: the body has no ${field}`);
}
