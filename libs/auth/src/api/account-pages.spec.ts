import { createContext, runInContext } from 'node:vm';
import { ACCOUNT_PAGES_SCRIPT, accountPage } from './account-pages';

interface Call {
  url: string;
  body: unknown;
}

/** As much of a browser as the script touches. */
function opened(page: string, search: string, answers: { ok: boolean; body: unknown }[]) {
  const calls: Call[] = [];
  const addresses: string[] = [];
  const fields: Record<string, string> = {};
  let submit = async (_event: { preventDefault(): void }): Promise<void> => undefined;
  const form = {
    dataset: { page } as Record<string, string>,
    hidden: false,
    prepend: () => undefined,
    querySelector: () => ({ disabled: false }),
    addEventListener: (_type: string, listener: typeof submit) => (submit = listener),
  };
  const status = { textContent: '' };
  const answerBox = { hidden: true, textContent: '' };
  const parts: Record<string, object> = { form, '[role=status]': status, pre: answerBox };
  runInContext(
    ACCOUNT_PAGES_SCRIPT,
    createContext({
      URLSearchParams,
      location: { search, pathname: `/${page}` },
      history: { replaceState: (_state: null, _title: string, address: string) => addresses.push(address) },
      FormData: function FormData() {
        return Object.entries(fields);
      },
      document: {
        querySelector: (selector: string) => parts[selector],
        createElement: () => ({ append: () => undefined, focus: () => undefined }),
      },
      fetch: async (url: string, { body }: { body: string }) => {
        calls.push({ url, body: JSON.parse(body) });
        const answer = answers.shift();
        return { ok: answer?.ok, text: async () => (answer?.body === undefined ? '' : JSON.stringify(answer.body)) };
      },
    }),
  );
  return {
    calls,
    addresses,
    fields,
    form,
    status,
    answerBox,
    submit: () => submit({ preventDefault: () => undefined }),
  };
}

describe('a page that a link in a mail leads to', () => {
  it('sends nothing when it is opened, and takes the token out of the address', () => {
    const page = opened('magic-link', '?token=t0ken', []);
    expect(page.calls).toEqual([]);
    expect(page.addresses).toEqual(['/magic-link']);
  });

  it('sends token and fields when the person says so, and shows that it is done', async () => {
    const page = opened('reset-password', '?token=t0ken', [{ ok: true, body: undefined }]);
    page.fields.password = 'a new password';
    await page.submit();
    const body = { token: 't0ken', password: 'a new password' };
    expect(page.calls).toEqual([{ url: '/api/v1/public/auth/password/reset', body }]);
    expect([page.status.textContent, page.form.hidden]).toEqual(['Done.', true]);
  });

  it('ends the API keys along with the old password when the person ticks it', async () => {
    const page = opened('reset-password', '?token=t0ken', [{ ok: true, body: undefined }]);
    Object.assign(page.fields, { password: 'a new password', revoke_api_keys: 'true' });
    await page.submit();
    expect(page.calls[0]?.body).toEqual({ token: 't0ken', password: 'a new password', revoke_api_keys: true });
  });

  it('shows what was wrong, and can be sent again', async () => {
    const answer = { ok: false, body: { error: { code: 'AUTHENTICATION_ERROR', message: 'Not good any more' } } };
    const page = opened('verify-email', '?token=t0ken', [answer]);
    await page.submit();
    expect([page.status.textContent, page.form.hidden, page.answerBox.hidden]).toEqual([
      'Not good any more',
      false,
      true,
    ]);
  });

  it('asks for a code where there is a second factor, and sends it beside the challenge', async () => {
    const details = { challenge: 'ch', expires_in: 300 };
    const page = opened('magic-link', '?token=t0ken', [
      { ok: false, body: { error: { code: 'SECOND_FACTOR_REQUIRED', message: 'Show a code', details } } },
      { ok: true, body: { access_token: 'at' } },
    ]);
    await page.submit();
    page.fields.code = '123456';
    await page.submit();
    expect(page.calls[1]).toEqual({
      url: '/api/v1/public/auth/second-factor',
      body: { challenge: 'ch', code: '123456' },
    });
    expect(page.answerBox.textContent).toContain('at');
  });

  it('has the form that its script looks for', () => {
    expect(accountPage('verify-email')).toContain('<form data-page="verify-email">');
    expect(accountPage('reset-password')).toMatch(/name="password"[^>]*minlength="10"/);
    expect(accountPage('magic-link')).toContain('src="/account-pages.js"');
  });
});
