import { createHash } from 'node:crypto';
import { type ModeName, type Stack } from '../../../support/modes';
import { itWithCurl, NEEDS_CURL, shownLines, statusOf } from '../../../support/shell';

interface StartWire {
  mode: string;
  database: string;
  worker: { runs: string };
  links: { name: string; url: string }[];
  accounts: { email: string }[];
  try: { run: string[] }[];
}

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

/** What a newcomer meets first: `/`, and the banner of the process. */
export function wayIn(stack: () => Stack, mode: ModeName): void {
  describe('the way in', () => {
    it('is a page in a browser, under a policy that allows its own style and script alone', async () => {
      const { headers, status, text } = await stack().client.get<string>('/', { headers: { accept: BROWSER } });
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers.get('vary')).toContain('Accept');
      const policy = headers.get('content-security-policy') ?? '';
      for (const tag of ['style', 'script']) {
        const inside = [...text.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(
          ([, code = '']) => code,
        );
        const hashes = inside.map((code) => createHash('sha256').update(code).digest('base64'));
        expect(hashes.map((hash) => policy.includes(`${tag}-src 'sha256-${hash}'`))).toEqual([true]);
      }
      expect(policy).not.toContain('unsafe');
      expect(text).not.toMatch(/ style=| on[a-z]+=|<script [^>]*src=/);
      const told = [`${mode} mode`, mode === 'embedded' ? 'SQLite' : 'PostgreSQL'];
      for (const fact of told) expect(text).toContain(`<li>${fact}</li>`);
    });

    it('leads from there to what answers', async () => {
      const { text } = await stack().client.get<string>('/', { headers: { accept: BROWSER } });
      const links = [...text.matchAll(/<a href="([^"]+)"/g)].map(([, link = '']) => new URL(link, stack().base));
      expect(links.length).toBeGreaterThan(5);
      for (const link of links) {
        expect([link.href, link.origin]).toEqual([link.href, stack().base]);
        expect([link.href, (await stack().client.get(link.pathname)).status]).toEqual([link.href, 200]);
      }
    });

    it.each([undefined, '*/*', 'application/json'])('is JSON to a client that accepts %p', async (accept) => {
      const { body, status } = await stack().client.get<StartWire>('/', { headers: accept ? { accept } : {} });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        mode,
        database: mode === 'embedded' ? 'SQLite' : 'PostgreSQL',
        worker: { runs: mode === 'scale-out' ? 'as a process of its own' : 'inside this process' },
        accounts: [],
      });
    });

    itWithCurl(`is shown at boot: lines for a shell that end in 200${NEEDS_CURL}`, async () => {
      const shown = shownLines(stack().api.output);
      expect(shown).toHaveLength(2);
      expect(await statusOf(shown)).toBe('200');
      expect(stack().api.output.includes('npm start -- worker')).toBe(mode === 'scale-out');
      // It says the same once the account is there.
      expect(await statusOf(shown)).toBe('200');
    });

    if (mode !== 'embedded') return;

    itWithCurl(`goes by a demo account where there is one${NEEDS_CURL}`, async () => {
      const seeded = await stack().omni('db', 'seed', '--set', 'demo', '--embedded');
      expect(seeded.status).toBe(0);
      const { body } = await stack().client.get<StartWire>('/');
      expect(body.accounts.map(({ email }) => email)).toEqual(['user@omnistack.local', 'admin@omnistack.local']);
      expect(await statusOf(body.try[0]?.run ?? [])).toBe('200');
    });
  });
}
