import { createContext, runInContext } from 'node:vm';
import { type AppPage, defineAppPage } from '@platform/kernel';
import { pagePolicy } from './html-page';
import { LINK_PAGE_SCRIPT, linkPage } from './link-page';

const NEW_PASSWORD = {
  name: 'password',
  label: 'New password',
  type: 'password',
  autocomplete: 'new-password',
  minLength: 10,
} as const;
const END_KEYS = { name: 'end_keys', label: 'End my keys, too', type: 'checkbox' } as const;
const VERIFY = defineAppPage({
  path: '/verify',
  query: ['token'],
  title: 'Verify <it>',
  forms: [
    { says: 'Yours?', button: 'Verify', posts: '/public/verify', sends: ['token'], fields: [NEW_PASSWORD, END_KEYS] },
  ],
});
const SIGN_IN = defineAppPage({
  path: '/magic',
  query: ['token'],
  title: 'Sign in',
  forms: [{ says: 'You asked.', button: 'Sign in', posts: '/public/magic', sends: ['token'] }],
});
const JOIN = defineAppPage({
  path: '/join',
  query: ['token', 'purpose'],
  title: 'Join',
  forms: [
    { when: { purpose: 'look' }, says: 'Look.', button: 'Look', posts: '/app/look', signedIn: true },
    { says: 'Join.', button: 'Join', posts: '/app/join', sends: ['token'], signedIn: true },
  ],
});

interface Call {
  url: string;
  body?: unknown;
  authorization?: string;
}
interface Reply {
  status: number;
  body?: unknown;
}
type Pressed = { preventDefault(): void; submitter: { value: string } };

/** As much of a form as the script touches. */
function formIn(markup: string) {
  const data = (name: string) =>
    (new RegExp(`data-${name}="([^"]*)"`).exec(markup)?.[1] ?? '').replaceAll('&quot;', '"');
  const ticked: string[] = [];
  let submit = async (_event: Pressed): Promise<void> => undefined;
  return {
    dataset: { posts: data('posts'), sends: data('sends'), when: data('when') },
    hidden: true,
    prepend: () => undefined,
    querySelector: () => (markup.includes('<fieldset') ? {} : null),
    ticked,
    querySelectorAll: (selector: string) =>
      selector === ':checked' ? ticked.map((name) => ({ name })) : [{ disabled: false }],
    addEventListener: (_type: string, listener: typeof submit) => (submit = listener),
    press: (button = '') => submit({ preventDefault: () => undefined, submitter: { value: button } }),
  };
}

/** The page, opened in as much of a browser as its script touches. */
function opened(page: AppPage, search: string, ...replies: Reply[]) {
  const markup = linkPage(page);
  const forms = [...markup.matchAll(/<form[\s\S]*?<\/form>/g)].map(([form]) => formIn(form));
  const calls: Call[] = [];
  const addresses: string[] = [];
  const fields: Record<string, string> = {};
  const status = { textContent: '', className: '' };
  const shown = { textContent: '' };
  const answer = { hidden: true, querySelector: () => shown };
  const parts: Record<string, object> = { '[role=status]': status, '.code': answer };
  runInContext(
    LINK_PAGE_SCRIPT,
    createContext({
      URLSearchParams,
      location: { search, pathname: page.path },
      history: { replaceState: (_state: null, _title: string, address: string) => addresses.push(address) },
      FormData: function FormData() {
        return Object.entries(fields);
      },
      document: {
        forms,
        querySelector: (selector: string) => parts[selector],
        createElement: () => ({ append: () => undefined, focus: () => undefined, remove: () => undefined }),
      },
      fetch: async (url: string, { body, headers }: { body?: string; headers: Record<string, string> }) => {
        calls.push({ url, body: body && (JSON.parse(body) as unknown), authorization: headers.authorization });
        const reply = replies.shift() ?? { status: 500 };
        const text = reply.body === undefined ? '' : JSON.stringify(reply.body);
        return { ok: reply.status < 300, status: reply.status, text: async () => text };
      },
    }),
  );
  const press = async (button?: string) => forms.find(({ hidden }) => !hidden)?.press(button);
  return { calls, addresses, fields, forms, status, answer, shown, press };
}

describe('a page to which a link in a mail leads', () => {
  it('sends nothing when it is opened, and takes the token out of the address', () => {
    const { addresses, calls } = opened(VERIFY, '?token=t0ken');
    expect([calls, addresses]).toEqual([[], ['/verify']]);
  });

  it('sends what the address carries and the fields when the person says so, and shows that it is done', async () => {
    const page = opened(VERIFY, '?token=t0ken', { status: 204 });
    page.fields.password = 'a new password';
    await page.press();
    expect(page.calls).toEqual([
      { url: '/api/v1/public/verify', body: { token: 't0ken', password: 'a new password' } },
    ]);
    expect([page.status, page.forms[0]?.hidden]).toEqual([{ textContent: 'Done.', className: 'good' }, true]);
  });

  it('sends true for what is ticked', async () => {
    const page = opened(VERIFY, '?token=t0ken', { status: 204 });
    page.fields.end_keys = 'true';
    page.forms[0]?.ticked.push('end_keys');
    await page.press();
    expect(page.calls[0]?.body).toEqual({ token: 't0ken', end_keys: true });
  });

  it('shows what was wrong, and can be sent again', async () => {
    const page = opened(VERIFY, '?token=t0ken', { status: 401, body: { error: { message: 'Not good any more' } } });
    await page.press();
    expect(page.status).toEqual({ textContent: 'Not good any more', className: 'bad' });
    expect([page.forms[0]?.hidden, page.answer.hidden]).toEqual([false, true]);
  });

  it('asks for a code where there is a second factor, and sends it beside the challenge', async () => {
    const error = { code: 'SECOND_FACTOR_REQUIRED', details: { challenge: 'ch' } };
    const page = opened(
      SIGN_IN,
      '?token=t',
      { status: 401, body: { error } },
      { status: 200, body: { access_token: 'at' } },
    );
    await page.press();
    page.fields.code = '123456';
    await page.press();
    const body = { challenge: 'ch', code: '123456' };
    expect(page.calls[1]).toEqual({ url: '/api/v1/public/auth/second-factor', body });
    expect(page.shown.textContent).toContain('at');
  });

  it.each([
    ['', 'login'],
    ['register', 'register'],
  ])('signs in first where the route takes a person: button %p', async (button, way) => {
    const page = opened(JOIN, '?token=t', { status: 200, body: { access_token: 'at' } }, { status: 200, body: {} });
    Object.assign(page.fields, { email: 'ann@example.com', password: 'correct horse battery' });
    await page.press(button);
    expect(page.calls).toEqual([
      { url: `/api/v1/public/auth/${way}`, body: page.fields },
      { url: '/api/v1/app/join', body: { token: 't' }, authorization: 'Bearer at' },
    ]);
  });

  it('says why when the person is not signed in, and sends nothing else', async () => {
    const page = opened(JOIN, '?token=t', { status: 202 }, { status: 401, body: { error: { message: 'Wrong' } } });
    await page.press('register');
    expect(page.status.textContent).toContain('Verify your address first');
    await page.press();
    expect([page.status.textContent, page.calls.length]).toEqual(['Wrong', 2]);
  });

  it('shows the form that the address asks for, and sends no body where there is nothing to send', async () => {
    const page = opened(JOIN, '?purpose=look', { status: 200, body: { access_token: 'at' } }, { status: 204 });
    expect(page.forms.map(({ hidden }) => hidden)).toEqual([false, true]);
    await page.press();
    expect(page.calls[1]).toEqual({ url: '/api/v1/app/look', body: undefined, authorization: 'Bearer at' });
  });

  it('says what a provider has refused, and offers nothing', () => {
    const page = opened(JOIN, '?error=access_denied');
    expect(page.status.textContent).toContain('access_denied');
    expect(page.forms.every(({ hidden }) => hidden)).toBe(true);
  });

  it('escapes its words, and holds one script, which its policy names by hash', () => {
    const markup = linkPage(VERIFY);
    expect(markup).toContain('<h1>Verify &lt;it&gt;</h1>');
    expect(markup).toMatch(/<input name="password" type="password" autocomplete="new-password"\s+minlength="10"/);
    expect(markup.match(/<script/g)).toHaveLength(1);
    expect(markup).toContain(`<script>${LINK_PAGE_SCRIPT}</script>`);
    expect(pagePolicy({ script: LINK_PAGE_SCRIPT })).toMatch(/script-src 'sha256-[^']+'/);
    expect(pagePolicy()).not.toContain('script-src');
  });
});
